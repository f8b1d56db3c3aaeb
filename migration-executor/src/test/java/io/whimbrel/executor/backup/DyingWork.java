package io.whimbrel.executor.backup;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;

/** A process that writes a backup and is gone in the middle of it, or restores one until killed. */
final class DyingWork {
  static final int DIED = 9;

  private DyingWork() {}

  public static void main(String[] args) throws Exception {
    String url = args[1];
    String owner = args[2];
    Path directory = Path.of(args[3]);
    if (args[0].equals("backup")) {
      BackupRequest request =
          Faults.request(() -> DriverManager.getConnection(url, owner, ""), directory);
      new BackupWriter().write(request, progress -> Runtime.getRuntime().halt(DIED));
    } else {
      try (Connection connection = DriverManager.getConnection(url, owner, "")) {
        connection.setAutoCommit(false);
        new Restore().run(Faults.restore(directory), connection);
        connection.commit();
      }
    }
  }

  static Process start(String what, TestDatabase database, Path directory) throws Exception {
    return new ProcessBuilder(
            ProcessHandle.current().info().command().orElseThrow(),
            "-cp",
            System.getProperty("java.class.path"),
            DyingWork.class.getName(),
            what,
            database.url(),
            database.owner(),
            directory.toString())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }
}

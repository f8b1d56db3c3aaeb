package io.whimbrel.benchmark;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** One measurement, in this process or in a fresh one. */
final class Once {

  private Once() {}

  public static void main(String[] arguments) throws Exception {
    Database database =
        new Database(arguments[1], arguments[2], Path.of(arguments[3]), Path.of(arguments[4]));
    System.out.println(here(Contender.valueOf(arguments[0]), database));
  }

  /** Nanoseconds. */
  static long here(Contender contender, Database database) throws Exception {
    long began = System.nanoTime();
    contender.migrate(database);
    return System.nanoTime() - began;
  }

  /** As {@link #here}, from the main method of a new process on; its start is not counted. */
  static long inFreshProcess(Contender contender, Database database)
      throws IOException, InterruptedException {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
            "-cp",
            System.getProperty("java.class.path"),
            Once.class.getName(),
            contender.name(),
            database.url(),
            database.user(),
            database.passwordFile().toString(),
            database.catalog().toString());
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    if (process.waitFor() != 0) {
      throw new IllegalStateException(contender + " failed in a process of its own");
    }
    return Long.parseLong(output.substring(output.lastIndexOf('\n') + 1));
  }
}

package io.whimbrel.executor.backup;

import io.whimbrel.executor.backup.BackupManifest.StoredFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Decrypts a backup into another directory, so that psql and zstd can restore it; needs neither a
 * database nor the services. What is there when it fails is deleted.
 */
public final class OpenBackup {
  static final String KEY = "WHIMBREL_BACKUP_ENCRYPTION_KEY";
  static final String KEY_FILE = "WHIMBREL_BACKUP_ENCRYPTION_KEY_FILE";

  private OpenBackup() {}

  /** Called with the backup's directory and one that does not exist yet. */
  public static void main(String[] arguments) {
    System.exit(run(arguments, System.getenv(), System.out, System.err));
  }

  /** The exit code: 0 if it is open, 1 if it cannot be opened, 2 if the call is wrong. */
  static int run(
      String[] arguments, Map<String, String> environment, PrintStream out, PrintStream err) {
    if (arguments.length != 2 || Files.exists(Path.of(arguments[1]))) {
      err.println(
          "Give the directory of a backup, and one that does not exist yet. The key is in "
              + KEY
              + " or in the file that "
              + KEY_FILE
              + " names.");
      return 2;
    }
    Path opened = Path.of(arguments[1]);
    try {
      open(Path.of(arguments[0]), opened, key(environment));
      out.println("Opened. In " + opened + ": psql -d DATABASE -v ON_ERROR_STOP=1 -f restore.sql");
      return 0;
    } catch (IOException | BackupInvalid | IllegalArgumentException e) {
      err.println("The backup is not opened: " + e.getMessage());
      return 1;
    }
  }

  private static BackupKeys key(Map<String, String> environment) throws IOException {
    String key = environment.get(KEY);
    String file = environment.get(KEY_FILE);
    if (key == null && file != null) {
      key = Files.readString(Path.of(file));
    }
    return new BackupKeys(Optional.ofNullable(key).map(BackupKey::of), List.of());
  }

  static void open(Path directory, Path opened, BackupKeys keys) throws IOException, BackupInvalid {
    var place = new DirectoryPlace(directory);
    BackupManifest manifest = new BackupVerifier(keys).verify(place, null, null);
    var files = new StoredFiles(place, keys.of(manifest));
    boolean complete = false;
    try {
      BackupFiles.createDirectory(opened);
      for (StoredFile file : manifest.storedFiles()) {
        if (!file.name().equals(BackupFiles.RESTORE)) {
          copy(files, file.name(), opened);
        }
      }
      try (OutputStream restore = BackupFiles.create(opened.resolve(BackupFiles.RESTORE))) {
        restore.write(PsqlScript.of(manifest.opened()).getBytes(StandardCharsets.UTF_8));
      }
      complete = true;
    } finally {
      if (!complete) {
        BackupFiles.delete(opened);
      }
    }
  }

  private static void copy(StoredFiles files, String name, Path opened) throws IOException {
    try (InputStream in = files.open(name);
        OutputStream out = BackupFiles.create(opened.resolve(name))) {
      in.transferTo(out);
    }
  }
}

package io.whimbrel.executor.backup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Deletes the files of a backup. */
public final class BackupRemoval {
  private BackupRemoval() {}

  /** The manifest goes first, so that what is left of a half deleted backup is none. */
  public static void remove(Path directory) throws IOException {
    Files.deleteIfExists(directory.resolve(BackupFiles.MANIFEST));
    BackupFiles.delete(directory);
  }
}

package io.whimbrel.executor.backup;

import java.io.IOException;
import java.util.SortedSet;

/** Where backups are kept: a directory, or a bucket. */
public interface BackupStore {

  /**
   * The place of one backup.
   *
   * @param name {@code TARGET/BACKUP}
   */
  BackupPlace place(String name);

  /** The targets that anything is kept of. */
  SortedSet<String> targets() throws IOException;

  /**
   * The names of the places of a target that hold anything, be it a backup or what is left of an
   * attempt to write one.
   */
  SortedSet<String> names(String target) throws IOException;
}

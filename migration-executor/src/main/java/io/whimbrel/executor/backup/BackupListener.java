package io.whimbrel.executor.backup;

/** Told how far a backup is, from the threads that write it; what it throws ends the backup. */
@FunctionalInterface
public interface BackupListener {
  void progress(Progress progress);

  /**
   * How far it is.
   *
   * @param tables how many tables are done
   * @param of how many there are
   * @param rows copied so far
   * @param bytes read so far, before compression
   * @param share of the whole that is done, from 0 to 1, by the sizes of the tables
   */
  record Progress(int tables, int of, long rows, long bytes, double share) {}
}

package io.whimbrel.executor.backup;

/**
 * A written backup.
 *
 * @param manifestSha256 proves, kept elsewhere, that the manifest is the one that was written
 * @param bytes of all files
 */
public record Backup(
    BackupPlace place, String manifestSha256, long bytes, BackupManifest manifest) {
  public long rows() {
    return manifest.rows();
  }
}

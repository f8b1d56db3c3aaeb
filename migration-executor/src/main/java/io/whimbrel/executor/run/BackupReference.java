package io.whimbrel.executor.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.whimbrel.event.BackupCheck;
import io.whimbrel.event.BackupScope;
import org.jspecify.annotations.Nullable;

/**
 * The backup of a run.
 *
 * @param status VERIFIED once it was read back, NONE when there is nothing to back up or it was
 *     waived
 * @param directory below the backup directory
 * @param manifestSha256 proves that the manifest is the one that was written
 * @param bytes as stored
 * @param waiver why there is none
 * @param scope how much it holds
 * @param check what it was put through
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record BackupReference(
    Status status,
    @Nullable String directory,
    @Nullable String manifestSha256,
    int tables,
    long rows,
    long bytes,
    @Nullable Long durationMs,
    @Nullable String waiver,
    @Nullable BackupScope scope,
    @Nullable BackupCheck check) {

  /** Whether the backup can be relied on. */
  public enum Status {
    VERIFIED,
    NONE
  }

  public static BackupReference none(String why) {
    return new BackupReference(Status.NONE, null, null, 0, 0, 0, null, why, null, null);
  }
}

package io.whimbrel.executor.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.whimbrel.event.BackupCheck;
import io.whimbrel.event.BackupScope;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A backup as the control database knows it.
 *
 * @param purpose which change it was taken before
 * @param directory below the backup directory
 * @param manifestSha256 proves that the manifest is the one that was written
 * @param scope how much it holds
 * @param check what it was last put through
 * @param verifiedAt when it was last found to be what was written; null if it was not
 * @param problem what was found the last time, if it is not what was written
 * @param deletedAt when it was deleted, as it was too old or one too many
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record BackupRecord(
    UUID backupId,
    UUID runId,
    String target,
    Purpose purpose,
    String directory,
    String manifestSha256,
    int tables,
    long rows,
    long bytes,
    long durationMs,
    Instant takenAt,
    BackupScope scope,
    BackupCheck check,
    @Nullable Instant verifiedAt,
    @Nullable String problem,
    @Nullable Instant deletedAt) {

  /** Which change a backup is taken before. */
  public enum Purpose {
    BEFORE_RUN,
    BEFORE_ROLLBACK
  }
}

package io.whimbrel.executor.backup;

import io.whimbrel.event.TableName;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What to restore.
 *
 * @param place of the backup
 * @param manifestSha256 what {@link Backup#manifestSha256} said; null if that was not kept
 * @param schemas the target's schemas
 * @param created the tables that the run made; they are dropped
 * @param recorded what the tables held around each of the run's transactions, in their order; empty
 *     if any of them was not recorded
 * @param acceptDataLoss restore although others have written since, or may have
 * @param lockTimeout how long to wait for each lock
 */
public record RestoreRequest(
    BackupPlace place,
    @Nullable String manifestSha256,
    List<String> schemas,
    List<TableName> created,
    List<Recorded> recorded,
    boolean acceptDataLoss,
    Duration lockTimeout) {
  public RestoreRequest {
    schemas = List.copyOf(schemas);
    created = List.copyOf(created);
    recorded = List.copyOf(recorded);
  }
}

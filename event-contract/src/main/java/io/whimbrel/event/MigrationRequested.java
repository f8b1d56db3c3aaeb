package io.whimbrel.event;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A wish for a run. It names a target of the registry and migrations of its catalogue; SQL, URLs
 * and paths have no place in it.
 *
 * @param runId the run to be; a second request with the same id is the same run
 * @param migration one migration, by version, description or file name
 * @param upTo the last version to bring
 * @param downTo for a rollback: the version that remains the last applied one
 * @param rollbackOf for a rollback: the run to take back
 * @param strategy for a rollback; AUTO when absent
 * @param planId for a run forward: the plan that was read and approved; the run is refused if it
 *     would do anything else, or on anything else
 * @param options absent means all defaults
 * @param requestedBy who asks, as the publisher says; it grants nothing
 * @param requestedAt absent means the time of the record
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record MigrationRequested(
    UUID runId,
    Operation operation,
    String target,
    @Nullable String migration,
    @Nullable String upTo,
    @Nullable String downTo,
    @Nullable UUID rollbackOf,
    @Nullable RollbackStrategy strategy,
    @Nullable UUID planId,
    @Nullable RunOptions options,
    @Nullable String requestedBy,
    @Nullable String reason,
    @Nullable Instant requestedAt)
    implements Event {

  /** A request that relies on no plan. */
  public MigrationRequested(
      UUID runId,
      Operation operation,
      String target,
      @Nullable String migration,
      @Nullable String upTo,
      @Nullable String downTo,
      @Nullable UUID rollbackOf,
      @Nullable RollbackStrategy strategy,
      @Nullable RunOptions options,
      @Nullable String requestedBy,
      @Nullable String reason,
      @Nullable Instant requestedAt) {
    this(
        runId,
        operation,
        target,
        migration,
        upTo,
        downTo,
        rollbackOf,
        strategy,
        null,
        options,
        requestedBy,
        reason,
        requestedAt);
  }

  @Override
  public EventType type() {
    return EventType.MIGRATION_REQUESTED;
  }
}

package io.whimbrel.executor.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.whimbrel.event.MigrationProgress;
import io.whimbrel.event.MigrationProgress.Applied;
import io.whimbrel.event.MigrationProgress.AppliedStatement;
import io.whimbrel.executor.forecast.Prediction;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A migration in a run.
 *
 * @param position in the plan, from 0
 * @param xid the transaction of the target that held the script, stored before its COMMIT
 * @param rows rows changed by all its statements
 * @param lockWaitMs milliseconds spent in attempts that ended for want of a lock
 * @param walBytes that the session wrote for it, attempts that failed included; null if the target
 *     does not count them by session, or its transaction was shared, or taken over half way
 * @param fingerprintBegin JSON: what the touched tables held when its transaction began
 * @param fingerprintEnd JSON: what they held before its COMMIT
 * @param predicted how long it was predicted to take; null if no plan predicted it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RunMigration(
    int position,
    String script,
    String kind,
    @Nullable String version,
    String description,
    @Nullable Integer checksum,
    MigrationState state,
    @Nullable String xid,
    @Nullable Long durationMs,
    @Nullable Long rows,
    @Nullable Long lockWaitMs,
    @Nullable Long walBytes,
    @Nullable String fingerprintBegin,
    @Nullable String fingerprintEnd,
    @Nullable Prediction predicted) {

  /**
   * What came of it, for others to know, whether it was taken back or not; empty if it was not
   * applied by its run.
   *
   * @param statements those of its statements that are told of; null if none is
   */
  Optional<Applied> figures(@Nullable List<AppliedStatement> statements) {
    boolean applied = state == MigrationState.APPLIED || state == MigrationState.UNDONE;
    return !applied || durationMs == null
        ? Optional.empty()
        : Optional.of(
            new Applied(
                script,
                durationMs,
                rows,
                lockWaitMs,
                walBytes,
                predicted == null
                    ? null
                    : new MigrationProgress.Prediction(
                        predicted.medianMs(), predicted.lowMs(), predicted.highMs()),
                statements));
  }
}

package io.whimbrel.executor.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.whimbrel.executor.forecast.Prediction;
import org.jspecify.annotations.Nullable;

/**
 * A migration in a run.
 *
 * @param position in the plan, from 0
 * @param xid the transaction of the target that held the script, stored before its COMMIT
 * @param rows rows changed by all its statements
 * @param lockWaitMs milliseconds spent in attempts that ended for want of a lock
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
    @Nullable String fingerprintBegin,
    @Nullable String fingerprintEnd,
    @Nullable Prediction predicted) {}

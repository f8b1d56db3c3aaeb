package io.whimbrel.event;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Where a run is. Every change of state is published; between them, what happens within a state.
 *
 * @param sequence grows by one with every event of a run, from 1
 * @param state the state of the run when this was said
 * @param operation what the run does
 * @param phase the phase of the validation that is awaited, when one is
 * @param migration the script at work
 * @param step what is being done, in one word, e.g. {@code AWAITING_VALIDATION}
 * @param statement number of the statement at work, from 1
 * @param of how many statements the script has
 * @param percent of the run's work, 0 to 100
 * @param etaSeconds seconds until the step is done, if known
 * @param message one sentence for people
 * @param touched with a phase: the tables to look at
 * @param plannedChanges with the phase {@code BEFORE}: the rules that the run is about to give the
 *     data, so that rows which break them are found before
 * @param error with a state that ended badly: why
 * @param at when it was said
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record MigrationProgress(
    UUID runId,
    long sequence,
    RunStateName state,
    Operation operation,
    String target,
    @Nullable Phase phase,
    @Nullable String migration,
    @Nullable String step,
    @Nullable Integer statement,
    @Nullable Integer of,
    @Nullable Double percent,
    @Nullable Rows rows,
    @Nullable Long etaSeconds,
    @Nullable String message,
    @Nullable List<TableName> touched,
    @Nullable List<PlannedChange> plannedChanges,
    @Nullable RunError error,
    Instant at)
    implements Event {

  /** The step that asks the validation service to look. */
  public static final String AWAITING_VALIDATION = "AWAITING_VALIDATION";

  /** The step of a run that waits for a lock, or did not get it and tries again. */
  public static final String LOCK_WAIT = "LOCK_WAIT";

  /** The step of a rollback that stopped, as only a person can choose how to go on. */
  public static final String DECISION_NEEDED = "DECISION_NEEDED";

  /**
   * Rows of a batched data migration.
   *
   * @param total as counted or estimated at the start, if known
   * @param perSecond the rate of the last seconds
   * @param batchSize rows of the next batch, as it adapts
   * @param totalEstimated whether the total is an estimate of the planner, as the table is large
   * @param paused why no batch runs at the moment, if none does
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Rows(
      long done,
      @Nullable Long total,
      @Nullable Double perSecond,
      @Nullable Integer batchSize,
      @Nullable Boolean totalEstimated,
      @Nullable String paused) {

    /** The same, while no batch runs. */
    public Rows paused(String why) {
      return new Rows(done, total, null, batchSize, totalEstimated, why);
    }
  }

  @Override
  public EventType type() {
    return EventType.MIGRATION_PROGRESS;
  }
}

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
 * @param applied with a state that ends the run: what came of each migration that it applied
 * @param drift with the state {@code PLANNED}: how the target compares with what its schema history
 *     implies, if it was compared
 * @param predicted with the state {@code PLANNED}: how long its migrations are predicted to take
 *     together; absent unless each of them was predicted
 * @param spent with a state that ends the run: what it took besides time
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
    @Nullable List<Applied> applied,
    @Nullable Drift drift,
    @Nullable Prediction predicted,
    @Nullable Spent spent,
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

  /**
   * A migration that the run applied, whether it was taken back or not.
   *
   * @param migration its script
   * @param durationMs milliseconds of the attempt that succeeded
   * @param rows that its statements changed
   * @param lockWaitMs milliseconds lost in attempts that ended for want of a lock
   * @param walBytes that the target wrote for it, where it counts them by session
   * @param predicted how long its plan said that it would take; absent without one
   * @param statements those of its statements that took longest, in their order: at most 20, and at
   *     most 1,000 of a run; absent if none is among those
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Applied(
      String migration,
      long durationMs,
      @Nullable Long rows,
      @Nullable Long lockWaitMs,
      @Nullable Long walBytes,
      @Nullable Prediction predicted,
      @Nullable List<AppliedStatement> statements) {}

  /**
   * A statement of a migration that was applied.
   *
   * @param statement its number, from 1
   * @param durationMs milliseconds from sending it to the answer
   * @param shared whether that is the time of several statements, sent in one message
   * @param rows that it inserted, updated and deleted
   * @param walBytes that the target wrote for it and its checkpoint, where it counts them by
   *     session and the statement has a transaction of its own
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record AppliedStatement(
      int statement, long durationMs, boolean shared, long rows, @Nullable Long walBytes) {}

  /**
   * How long something was predicted to take.
   *
   * @param lowMs nine of ten actual durations are expected between this and {@code highMs}
   */
  public record Prediction(double medianMs, double lowMs, double highMs) {}

  /**
   * What a run took besides time. What the executor used is measured of its whole process while
   * steps of the run were at work there, and only of attempts that came to an end.
   *
   * @param retries attempts at steps that were made again, after a failure or the end of a process
   * @param backupBytes of its backup as stored; absent if it took none
   * @param executorCpuMs milliseconds of processor time
   * @param executorHeapBytes the most heap that was in use, looked at once a second
   * @param executorShared whether steps of other runs were at work in the process meanwhile
   * @param connections the most that the executor had to PostgreSQL for the run at a time, on its
   *     target and in the databases of rehearsals
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Spent(
      long retries,
      @Nullable Long backupBytes,
      @Nullable Long executorCpuMs,
      @Nullable Long executorHeapBytes,
      @Nullable Boolean executorShared,
      @Nullable Long connections) {}

  /**
   * How the structure of a target compares with what its schema history implies.
   *
   * @param differences how many there are; 0 if it is what it should be
   * @param objects the first of those that differ
   */
  public record Drift(long differences, List<Drifted> objects) {
    public Drift {
      objects = List.copyOf(objects);
    }
  }

  /**
   * An object that is not as it should be.
   *
   * @param kind as in {@code TABLE}
   * @param name as SQL writes it
   * @param aspect what of it differs; absent if all of it is missing, or should not be there
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Drifted(String kind, String name, @Nullable String aspect) {}

  @Override
  public EventType type() {
    return EventType.MIGRATION_PROGRESS;
  }
}

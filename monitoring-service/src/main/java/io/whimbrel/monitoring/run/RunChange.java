package io.whimbrel.monitoring.run;

import io.whimbrel.event.MigrationProgress;
import io.whimbrel.event.MigrationRequested;
import io.whimbrel.event.Operation;
import io.whimbrel.event.RunStateName;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What events tell of one run, added up. Adding is commutative, associative and idempotent, so that
 * neither the order of arrival nor a doubled event matters: times are least ones, an end counts
 * before all else, the earlier of two ends, and otherwise the later of two sequences.
 *
 * @param sequence 0 for the request itself
 * @param entered when states were entered, as far as they were told of
 * @param predicted whether it told of predictions, at its end
 * @param drifted whether its target had drifted; null if that was not told
 * @param rowsDone the most rows that were told of at once
 * @param predictedHighMs how long its migrations are predicted to take together at most
 */
record RunChange(
    UUID runId,
    String target,
    Operation operation,
    RunStateName state,
    long sequence,
    @Nullable Instant requestedAt,
    @Nullable Instant startedAt,
    Instant changedAt,
    @Nullable Instant finishedAt,
    Map<RunStateName, Instant> entered,
    @Nullable Long rowsDone,
    @Nullable String sqlState,
    @Nullable Boolean predicted,
    @Nullable Boolean drifted,
    @Nullable Double predictedHighMs,
    RunSpent spent) {

  /**
   * A run was asked for.
   *
   * @param time when the record was published, which stands in for a missing time of request
   */
  static RunChange of(MigrationRequested event, Instant time) {
    Instant at = event.requestedAt() == null ? time : event.requestedAt();
    return new RunChange(
        event.runId(),
        event.target(),
        event.operation(),
        RunStateName.REQUESTED,
        0,
        at,
        null,
        at,
        null,
        Map.of(),
        null,
        null,
        null,
        null,
        null,
        RunSpent.NOTHING);
  }

  /** A run told where it is. */
  static RunChange of(MigrationProgress event) {
    Instant at = event.at();
    return new RunChange(
        event.runId(),
        event.target(),
        event.operation(),
        event.state(),
        event.sequence(),
        null,
        event.state() == RunStateName.REQUESTED ? null : at,
        at,
        event.state().terminal() ? at : null,
        Map.of(event.state(), at),
        event.rows() == null ? null : event.rows().done(),
        event.state().terminal() && event.error() != null ? event.error().sqlState() : null,
        event.applied() == null
            ? null
            : event.applied().stream().anyMatch(one -> one.predicted() != null),
        event.drift() == null ? null : event.drift().differences() > 0,
        event.predicted() == null ? null : Double.valueOf(event.predicted().highMs()),
        event.state().terminal() ? RunSpent.of(event) : RunSpent.NOTHING);
  }

  RunChange with(RunChange other) {
    RunChange last = yieldsTo(other) ? other : this;
    return new RunChange(
        runId,
        last.target,
        last.operation,
        last.state,
        last.sequence,
        earlier(requestedAt, other.requestedAt),
        earlier(startedAt, other.startedAt),
        last.changedAt,
        last.finishedAt,
        earlier(entered, other.entered),
        RunSpent.more(rowsDone, other.rowsDone),
        last.sqlState,
        either(predicted, other.predicted),
        either(drifted, other.drifted),
        RunSpent.more(predictedHighMs, other.predictedHighMs),
        spent.with(other.spent));
  }

  private boolean yieldsTo(RunChange other) {
    if (finishedAt == null) {
      return other.finishedAt != null || other.sequence > sequence;
    }
    return other.finishedAt != null && other.sequence < sequence;
  }

  @Nullable Instant entered(RunStateName state) {
    return entered.get(state);
  }

  private static Map<RunStateName, Instant> earlier(
      Map<RunStateName, Instant> one, Map<RunStateName, Instant> other) {
    Map<RunStateName, Instant> both = new EnumMap<>(RunStateName.class);
    both.putAll(one);
    other.forEach((state, at) -> both.merge(state, at, (a, b) -> a.isBefore(b) ? a : b));
    return both;
  }

  private static @Nullable Instant earlier(@Nullable Instant one, @Nullable Instant other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return one.isBefore(other) ? one : other;
  }

  private static @Nullable Boolean either(@Nullable Boolean one, @Nullable Boolean other) {
    return one == null ? other : Boolean.valueOf(one || Boolean.TRUE.equals(other));
  }
}

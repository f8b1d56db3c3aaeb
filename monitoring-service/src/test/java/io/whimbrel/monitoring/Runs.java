package io.whimbrel.monitoring;

import io.whimbrel.event.MigrationProgress;
import io.whimbrel.event.MigrationProgress.Applied;
import io.whimbrel.event.MigrationProgress.Drift;
import io.whimbrel.event.MigrationProgress.Prediction;
import io.whimbrel.event.MigrationProgress.Spent;
import io.whimbrel.event.MigrationRequested;
import io.whimbrel.event.Operation;
import io.whimbrel.event.Phase;
import io.whimbrel.event.RunError;
import io.whimbrel.event.RunStateName;
import io.whimbrel.event.Severity;
import io.whimbrel.event.ValidationCompleted;
import io.whimbrel.event.ValidationCompleted.Finding;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Events of runs. */
public final class Runs {
  private Runs() {}

  public static MigrationRequested requested(UUID runId, String target, Instant at) {
    return new MigrationRequested(
        runId, Operation.EXECUTE, target, null, null, null, null, null, null, "test", null, at);
  }

  public static MigrationProgress progress(
      UUID runId, String target, long sequence, RunStateName state, Instant at) {
    return progress(runId, target, sequence, state, at, null);
  }

  public static MigrationProgress progress(
      UUID runId,
      String target,
      long sequence,
      RunStateName state,
      Instant at,
      @Nullable RunError error) {
    return new MigrationProgress(
        runId,
        sequence,
        state,
        Operation.EXECUTE,
        target,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        error,
        at);
  }

  /** An active run that says what it is about in one word. */
  public static MigrationProgress step(
      UUID runId, String target, long sequence, RunStateName state, String step, Instant at) {
    return new MigrationProgress(
        runId,
        sequence,
        state,
        Operation.EXECUTE,
        target,
        null,
        null,
        step,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        at);
  }

  /** A run that was planned, on a target that was compared with its history. */
  public static MigrationProgress planned(
      UUID runId, String target, long sequence, Drift drift, Instant at) {
    return progress(runId, target, sequence, RunStateName.PLANNED, null, drift, null, null, at);
  }

  /** A run that was planned, with how long its migrations are predicted to take. */
  public static MigrationProgress planned(
      UUID runId, String target, long sequence, Prediction predicted, Instant at) {
    return progress(runId, target, sequence, RunStateName.PLANNED, null, null, predicted, null, at);
  }

  /** A run that completed. */
  public static MigrationProgress completed(
      UUID runId, String target, long sequence, List<Applied> applied, Instant at) {
    return completed(runId, target, sequence, applied, null, at);
  }

  /** A run that completed, with what it took besides time. */
  public static MigrationProgress completed(
      UUID runId,
      String target,
      long sequence,
      List<Applied> applied,
      @Nullable Spent spent,
      Instant at) {
    return progress(
        runId, target, sequence, RunStateName.COMPLETED, applied, null, null, spent, at);
  }

  private static MigrationProgress progress(
      UUID runId,
      String target,
      long sequence,
      RunStateName state,
      @Nullable List<Applied> applied,
      @Nullable Drift drift,
      @Nullable Prediction predicted,
      @Nullable Spent spent,
      Instant at) {
    return new MigrationProgress(
        runId,
        sequence,
        state,
        Operation.EXECUTE,
        target,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        applied,
        drift,
        predicted,
        spent,
        null,
        at);
  }

  public static ValidationCompleted validated(
      UUID runId, String target, Phase phase, boolean valid) {
    return new ValidationCompleted(
        runId,
        UUID.randomUUID(),
        phase,
        target,
        valid,
        valid ? Map.of() : Map.of(Severity.ERROR, 1L),
        valid
            ? List.of()
            : List.of(
                new Finding(
                    "orphaned_records",
                    Severity.ERROR,
                    "public.orders",
                    "orders_customer_fkey",
                    3,
                    "3 rows of public.orders point at no customer")),
        12,
        null);
  }
}

package io.whimbrel.monitoring;

import io.whimbrel.event.Event;
import io.whimbrel.event.MigrationProgress;
import io.whimbrel.event.MigrationProgress.Applied;
import io.whimbrel.event.MigrationProgress.Drift;
import io.whimbrel.event.MigrationProgress.Prediction;
import io.whimbrel.event.MigrationProgress.Spent;
import io.whimbrel.event.Phase;
import io.whimbrel.event.RunError;
import io.whimbrel.event.RunStateName;
import io.whimbrel.event.ValidationCompleted;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Makes up runs that go the ways that runs can go, and what is to be told of them. */
public final class RandomRuns {
  private static final List<List<RunStateName>> WAYS =
      List.of(
          way("COMPLETED"),
          way("REJECTED"),
          way("VALIDATING", "CANCELLED"),
          way("VALIDATING", "REJECTED"),
          way("VALIDATING", "BACKING_UP", "FAILED"),
          way("VALIDATING", "BACKING_UP", "APPLYING", "FAILED"),
          way("VALIDATING", "BACKING_UP", "APPLYING", "VERIFYING", "COMPLETED"),
          way("BACKING_UP", "APPLYING", "VERIFYING", "ROLLING_BACK", "ROLLED_BACK"),
          way("APPLYING", "VERIFYING", "ROLLING_BACK", "ROLLBACK_FAILED"),
          way("VALIDATING", "BACKING_UP", "APPLYING"),
          way());

  private final Random random;

  public RandomRuns(long seed) {
    this.random = new Random(seed);
  }

  private static List<RunStateName> way(String... states) {
    List<RunStateName> way = new ArrayList<>(List.of(RunStateName.REQUESTED, RunStateName.PLANNED));
    for (String state : states) {
      way.add(RunStateName.valueOf(state));
    }
    return way;
  }

  /**
   * What a run tells, as it happens.
   *
   * @param validatedAt when the validations among them completed
   */
  public record Story(
      UUID runId,
      String target,
      List<MigrationProgress> progress,
      List<ValidationCompleted> validations,
      Instant validatedAt,
      Instant requestedAt) {

    public List<Event> events() {
      List<Event> events = new ArrayList<>();
      events.add(Runs.requested(runId, target, requestedAt));
      events.addAll(progress);
      events.addAll(validations);
      return events;
    }

    public boolean drifted() {
      return progress.stream()
          .map(MigrationProgress::drift)
          .anyMatch(drift -> drift != null && drift.differences() > 0);
    }

    public MigrationProgress last() {
      return progress.get(progress.size() - 1);
    }
  }

  public Story story(String target, Instant begin) {
    UUID runId = new UUID(random.nextLong(), random.nextLong());
    List<MigrationProgress> progress = new ArrayList<>();
    Instant at = begin;
    for (RunStateName state : WAYS.get(random.nextInt(WAYS.size()))) {
      at = at.plusMillis(random.nextInt(40_000_000));
      progress.add(told(runId, target, progress.size() + 1L, state, at));
    }
    List<ValidationCompleted> validations = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      validations.add(Runs.validated(runId, target, Phase.BEFORE, random.nextBoolean()));
    }
    return new Story(runId, target, progress, validations, at, begin);
  }

  private MigrationProgress told(
      UUID runId, String target, long sequence, RunStateName state, Instant at) {
    if (state == RunStateName.PLANNED && random.nextInt(4) == 0) {
      int differences = random.nextInt(2);
      return Runs.planned(runId, target, sequence, new Drift(differences, List.of()), at);
    }
    if (state == RunStateName.COMPLETED && random.nextBoolean()) {
      Prediction predicted = random.nextBoolean() ? new Prediction(9_000, 8_000, 10_000) : null;
      long durationMs = random.nextInt(40_000);
      return Runs.completed(
          runId,
          target,
          sequence,
          List.of(new Applied("V2__b.sql", durationMs, null, number(), number(), predicted, null)),
          random.nextBoolean()
              ? new Spent(random.nextInt(3), number(), number(), number(), null, number())
              : null,
          at);
    }
    return Runs.progress(runId, target, sequence, state, at, error(state));
  }

  private @Nullable Long number() {
    return random.nextBoolean() ? Long.valueOf(random.nextInt(1_000_000)) : null;
  }

  private RunError error(RunStateName state) {
    String sqlState = List.of("23505", "55P03").get(random.nextInt(2));
    return state == RunStateName.FAILED
        ? new RunError("refused", sqlState, "V2__b.sql", 3, 1, null)
        : RunError.of("none");
  }
}

package io.whimbrel.executor.run;

import io.whimbrel.event.RunStateName;
import io.whimbrel.executor.apply.CrashPoint;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.EnumSet;
import java.util.Set;
import java.util.UUID;

/**
 * Lets a run wait between two batches, and go on. The wish is a part of the run: it outlives the
 * instance that works on it, and whoever takes the run over waits as well.
 */
@ApplicationScoped
public class Pausing {
  private static final Set<RunStateName> BEFORE_ITS_BATCHES =
      EnumSet.of(
          RunStateName.PLANNED,
          RunStateName.VALIDATING,
          RunStateName.BACKING_UP,
          RunStateName.APPLYING);

  private final RunRepository runs;
  private final RunMigrations migrations;
  private final RunWishes wishes;
  private final RunLifecycle lifecycle;

  Pausing(RunRepository runs, RunMigrations migrations, RunWishes wishes, RunLifecycle lifecycle) {
    this.runs = runs;
    this.migrations = migrations;
    this.wishes = wishes;
    this.lifecycle = lifecycle;
  }

  /** What became of the wish. */
  public enum Answer {
    NOTED,
    NO_BATCHES,
    ENDED,
    UNKNOWN
  }

  /** Lets the run wait before its next batch; it keeps the one who asked first. */
  @Transactional
  @Durable(CrashPoint.WISH)
  public Answer pause(UUID id, String by) {
    Run run = runs.lock(id).orElse(null);
    if (run == null) {
      return Answer.UNKNOWN;
    }
    if (run.state().terminal()) {
      return Answer.ENDED;
    }
    if (!hasBatchesAhead(run)) {
      return Answer.NO_BATCHES;
    }
    if (run.wish().pausedBy() == null) {
      wishes.pause(id, by);
      remark(run, "Is to pause before its next batch, asked by " + by);
    }
    return Answer.NOTED;
  }

  /** Lets the run go on. */
  @Transactional
  @Durable(CrashPoint.WISH)
  public Answer resume(UUID id, String by) {
    Run run = runs.lock(id).orElse(null);
    if (run == null) {
      return Answer.UNKNOWN;
    }
    if (run.state().terminal()) {
      return Answer.ENDED;
    }
    if (run.wish().pausedBy() != null) {
      wishes.pause(id, null);
      remark(run, "Goes on, asked by " + by);
    }
    return Answer.NOTED;
  }

  private boolean hasBatchesAhead(Run run) {
    RunPlan plan = run.plan();
    return plan != null
        && BEFORE_ITS_BATCHES.contains(run.state())
        && migrations.of(run.id()).stream()
            .anyMatch(
                migration ->
                    migration.state() != MigrationState.APPLIED
                        && plan.migrations().get(migration.position()).batched());
  }

  private void remark(Run run, String message) {
    if (run.state() == RunStateName.APPLYING) {
      lifecycle.remark(run.id(), message);
    }
  }
}

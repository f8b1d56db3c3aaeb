package io.whimbrel.executor.step;

import io.whimbrel.event.RunError;
import io.whimbrel.executor.apply.CrashPoint;
import io.whimbrel.executor.plan.ToUndo;
import io.whimbrel.executor.rollback.RollbackDecision;
import io.whimbrel.executor.run.Announcement;
import io.whimbrel.executor.run.Claim;
import io.whimbrel.executor.run.Durable;
import io.whimbrel.executor.run.MigrationState;
import io.whimbrel.executor.run.RollbackOutcome;
import io.whimbrel.executor.run.Run;
import io.whimbrel.executor.run.RunLifecycle;
import io.whimbrel.executor.run.RunMigrations;
import io.whimbrel.executor.run.RunRepository;
import io.whimbrel.executor.run.RunState;
import io.whimbrel.executor.run.Step;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Notes how a rollback goes and ends, in one transaction of the control database each time. */
@ApplicationScoped
class RollbackHandover {
  private final RunRepository runs;
  private final RunMigrations migrations;
  private final RunLifecycle lifecycle;

  RollbackHandover(RunRepository runs, RunMigrations migrations, RunLifecycle lifecycle) {
    this.runs = runs;
    this.migrations = migrations;
    this.lifecycle = lifecycle;
  }

  /**
   * Notes the decision before it is carried out. One that finds nothing left to do does not replace
   * the one that was carried out before.
   */
  @Transactional
  @Durable(CrashPoint.ROLLBACK_DECIDED)
  void decided(Claim claim, RollbackDecision decision) {
    Run run = runs.find(claim.run()).orElseThrow();
    if (!(decision instanceof RollbackDecision.Nothing) || run.rollback() == null) {
      runs.saveRollback(run.id(), outcome(decision));
    }
  }

  /**
   * Notes what became of one migration, of the rollback and of the run that had applied it; that
   * one stays applied if it could not be taken back.
   */
  @Transactional
  @Durable(CrashPoint.MIGRATION_STATE)
  void became(Claim claim, @Nullable UUID subject, ToUndo one, MigrationState state) {
    boolean ownRun = claim.run().equals(subject);
    if (!ownRun) {
      migrations.takenBack(claim.run(), one.applied().script(), state);
    }
    if (subject != null && state == MigrationState.UNDONE) {
      migrations.takenBack(subject, one.applied().script(), state);
    }
  }

  @Transactional
  @Durable(CrashPoint.RUN_STATE)
  void rolledBack(Claim claim, @Nullable UUID subject, RollbackDecision decision) {
    migrations.undone(claim.run());
    if (subject != null) {
      migrations.undone(subject);
    }
    runs.endStep(claim.run(), Step.ROLL_BACK, name(decision));
    lifecycle.enter(
        claim,
        new RunState.RollingBack().rolledBack(),
        Announcement.says("Taken back: " + decision.why()));
  }

  @Transactional
  @Durable(CrashPoint.RUN_STATE)
  void stopped(Claim claim, RollbackDecision.Stop stop) {
    failed(
        claim,
        Announcement.leavesToPeople(
            RunError.of(
                "The change was not taken back, because "
                    + stop.why()
                    + ". Decide: "
                    + String.join("; or ", stop.options()))));
  }

  @Transactional
  @Durable(CrashPoint.RUN_STATE)
  void failed(Claim claim, RunError error) {
    failed(claim, Announcement.of(error));
  }

  private void failed(Claim claim, Announcement announcement) {
    runs.endStep(claim.run(), Step.ROLL_BACK, "FAILED");
    lifecycle.enter(claim, new RunState.RollingBack().rollbackFailed(), announcement);
  }

  private static RollbackOutcome outcome(RollbackDecision decision) {
    List<String> options = decision instanceof RollbackDecision.Stop stop ? stop.options() : null;
    return new RollbackOutcome(name(decision), decision.why(), options);
  }

  private static String name(RollbackDecision decision) {
    return decision.getClass().getSimpleName().toUpperCase(Locale.ROOT);
  }
}

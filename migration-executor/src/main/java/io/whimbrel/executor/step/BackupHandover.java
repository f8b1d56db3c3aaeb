package io.whimbrel.executor.step;

import io.whimbrel.event.Operation;
import io.whimbrel.event.RunError;
import io.whimbrel.executor.apply.CrashPoint;
import io.whimbrel.executor.run.Announcement;
import io.whimbrel.executor.run.BackupReference;
import io.whimbrel.executor.run.Claim;
import io.whimbrel.executor.run.Durable;
import io.whimbrel.executor.run.Run;
import io.whimbrel.executor.run.RunLifecycle;
import io.whimbrel.executor.run.RunQueue;
import io.whimbrel.executor.run.RunRepository;
import io.whimbrel.executor.run.RunState;
import io.whimbrel.executor.run.Step;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.Optional;

/** Brings a run into BACKING_UP and out of it, in one transaction of the control database. */
@ApplicationScoped
class BackupHandover {
  private final RunRepository runs;
  private final RunLifecycle lifecycle;
  private final RunQueue queue;

  BackupHandover(RunRepository runs, RunLifecycle lifecycle, RunQueue queue) {
    this.runs = runs;
    this.lifecycle = lifecycle;
    this.queue = queue;
  }

  /** Asks for the backup, or goes on at once where none is to be taken. */
  @Transactional
  @Durable(CrashPoint.RUN_STATE)
  void begin(Claim claim, Run run) {
    Optional<String> waiver = waiver(run);
    Claim backingUp =
        lifecycle.enter(
            claim,
            new RunState.Validating().backingUp(),
            Announcement.says(
                waiver
                    .map(why -> "Goes on without a backup: " + why)
                    .orElse("Backs up what it will touch")));
    if (waiver.isPresent()) {
      goOn(backingUp, run, BackupReference.none(waiver.get()));
    } else {
      queue.schedule(run.id(), Step.BACK_UP);
    }
  }

  private static Optional<String> waiver(Run run) {
    if (!run.options().createBackup()) {
      return Optional.of("the request asked for none");
    }
    return run.planned().migrations().isEmpty()
        ? Optional.of("there is nothing to do")
        : Optional.empty();
  }

  /** The backup stands. */
  @Transactional
  @Durable(CrashPoint.RUN_STATE)
  void backedUp(Claim claim, Run run, BackupReference reference) {
    runs.endStep(run.id(), Step.BACK_UP, reference.status().name());
    goOn(claim, run, reference);
  }

  /** There is none, and the run ends with that. */
  @Transactional
  @Durable(CrashPoint.RUN_STATE)
  void failed(Claim claim, String message) {
    runs.endStep(claim.run(), Step.BACK_UP, "FAILED");
    lifecycle.enter(
        claim, new RunState.BackingUp().failed(), Announcement.of(RunError.of(message)));
  }

  private void goOn(Claim claim, Run run, BackupReference reference) {
    RunState.BackingUp state = new RunState.BackingUp();
    runs.saveBackup(run.id(), reference);
    if (run.request().operation() == Operation.ROLLBACK) {
      lifecycle.enter(claim, state.rollingBack(), Announcement.says("Takes the change back"));
      queue.schedule(run.id(), Step.ROLL_BACK);
    } else {
      lifecycle.enter(claim, state.applying(), Announcement.says("Applies the migrations"));
      queue.schedule(run.id(), Step.APPLY);
    }
  }
}

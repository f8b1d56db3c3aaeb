package io.whimbrel.executor.step;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.whimbrel.event.Operation;
import io.whimbrel.event.RunError;
import io.whimbrel.event.RunStateName;
import io.whimbrel.executor.backup.BackupFailed;
import io.whimbrel.executor.backup.BackupInvalid;
import io.whimbrel.executor.run.Announcement;
import io.whimbrel.executor.run.BackupReference;
import io.whimbrel.executor.run.Claim;
import io.whimbrel.executor.run.Run;
import io.whimbrel.executor.run.RunLifecycle;
import io.whimbrel.executor.run.RunQueue;
import io.whimbrel.executor.run.RunRepository;
import io.whimbrel.executor.run.RunState;
import io.whimbrel.executor.run.Step;
import io.whimbrel.target.Target;
import io.whimbrel.target.TargetRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;

/**
 * Backs up what the run will touch, and reads it back. If it stops half way, the target is as it
 * was and the next attempt begins anew.
 */
@ApplicationScoped
class BackUp implements RunStep {
  private final TargetRegistry targets;
  private final RunRepository runs;
  private final RunLifecycle lifecycle;
  private final RunQueue queue;
  private final BackupTaking taking;

  BackUp(
      TargetRegistry targets,
      RunRepository runs,
      RunLifecycle lifecycle,
      RunQueue queue,
      BackupTaking taking) {
    this.targets = targets;
    this.runs = runs;
    this.lifecycle = lifecycle;
    this.queue = queue;
    this.taking = taking;
  }

  @Override
  public Step step() {
    return Step.BACK_UP;
  }

  @Override
  public void run(UUID id) throws Exception {
    Claim claim = lifecycle.claim(id, step(), RunStateName.BACKING_UP);
    Run run = runs.find(id).orElseThrow();
    BackupReference reference;
    try {
      reference = backUp(claim, run);
    } catch (BackupFailed e) {
      if (e.reason() == BackupFailed.Reason.CANCELLED) {
        return;
      }
      fail(claim, "No backup could be taken, so nothing was changed: " + e.getMessage());
      return;
    } catch (BackupInvalid e) {
      fail(claim, "The backup does not read back, so nothing was changed: " + e.getMessage());
      return;
    }
    QuarkusTransaction.requiringNew().run(() -> handOn(claim, run, reference));
  }

  private BackupReference backUp(Claim claim, Run run) throws BackupFailed, BackupInvalid {
    if (!run.options().createBackup()) {
      return BackupReference.none("the request asked for none");
    }
    if (run.planned().migrations().isEmpty()) {
      return BackupReference.none("there is nothing to do");
    }
    Target target = targets.find(run.target()).orElseThrow();
    return taking.take(claim, run, target, run.planned().touched(), run.id().toString());
  }

  private void handOn(Claim claim, Run run, BackupReference reference) {
    RunState.BackingUp state = new RunState.BackingUp();
    runs.saveBackup(run.id(), reference);
    runs.endStep(run.id(), step(), reference.status().name());
    if (run.request().operation() == Operation.ROLLBACK) {
      lifecycle.enter(claim, state.rollingBack(), Announcement.says("Takes the change back"));
      queue.schedule(run.id(), Step.ROLL_BACK);
    } else {
      lifecycle.enter(claim, state.applying(), Announcement.says("Applies the migrations"));
      queue.schedule(run.id(), Step.APPLY);
    }
  }

  private void fail(Claim claim, String message) {
    QuarkusTransaction.requiringNew()
        .run(
            () -> {
              runs.endStep(claim.run(), step(), "FAILED");
              lifecycle.enter(
                  claim, new RunState.BackingUp().failed(), Announcement.of(RunError.of(message)));
            });
  }
}

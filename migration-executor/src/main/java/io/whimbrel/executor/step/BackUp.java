package io.whimbrel.executor.step;

import io.whimbrel.event.RunStateName;
import io.whimbrel.executor.backup.BackupFailed;
import io.whimbrel.executor.backup.BackupInvalid;
import io.whimbrel.executor.run.BackupRecord.Purpose;
import io.whimbrel.executor.run.BackupReference;
import io.whimbrel.executor.run.Claim;
import io.whimbrel.executor.run.Run;
import io.whimbrel.executor.run.RunLifecycle;
import io.whimbrel.executor.run.RunRepository;
import io.whimbrel.executor.run.Step;
import io.whimbrel.executor.step.BackupChecks.NotTried;
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
  private final BackupHandover handover;
  private final BackupTaking taking;

  BackUp(
      TargetRegistry targets,
      RunRepository runs,
      RunLifecycle lifecycle,
      BackupHandover handover,
      BackupTaking taking) {
    this.targets = targets;
    this.runs = runs;
    this.lifecycle = lifecycle;
    this.handover = handover;
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
      handover.failed(claim, "No backup could be taken, so nothing was changed: " + e.getMessage());
      return;
    } catch (NotTried e) {
      handover.failed(
          claim, "Nothing was changed: " + e.getMessage() + "; or ask for the backup check READ");
      return;
    } catch (BackupInvalid e) {
      handover.failed(
          claim, "The backup does not read back, so nothing was changed: " + e.getMessage());
      return;
    }
    handover.backedUp(claim, run, reference);
  }

  private BackupReference backUp(Claim claim, Run run)
      throws BackupFailed, BackupInvalid, NotTried {
    Target target = targets.find(run.target()).orElseThrow();
    return taking.take(claim, run, target, run.planned().touched(), Purpose.BEFORE_RUN);
  }
}

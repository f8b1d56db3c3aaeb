package io.whimbrel.executor.step;

import io.whimbrel.event.Operation;
import io.whimbrel.event.Phase;
import io.whimbrel.event.RunError;
import io.whimbrel.event.RunStateName;
import io.whimbrel.event.ValidationCompleted;
import io.whimbrel.executor.apply.CrashPoint;
import io.whimbrel.executor.run.Announcement;
import io.whimbrel.executor.run.Claim;
import io.whimbrel.executor.run.Durable;
import io.whimbrel.executor.run.Run;
import io.whimbrel.executor.run.RunLifecycle;
import io.whimbrel.executor.run.RunQueue;
import io.whimbrel.executor.run.RunRepository;
import io.whimbrel.executor.run.RunState;
import io.whimbrel.executor.run.StaleClaim;
import io.whimbrel.executor.run.Step;
import io.whimbrel.executor.run.ValidationOutcome;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.UUID;
import org.jboss.logging.Logger;

/** What a run does with the outcome of a validation, in time or overdue. */
@ApplicationScoped
public class ValidationVerdict {
  private static final Logger LOG = Logger.getLogger(ValidationVerdict.class);

  private final RunRepository runs;
  private final RunLifecycle lifecycle;
  private final RunQueue queue;
  private final BackupHandover backup;

  ValidationVerdict(
      RunRepository runs, RunLifecycle lifecycle, RunQueue queue, BackupHandover backup) {
    this.runs = runs;
    this.lifecycle = lifecycle;
    this.queue = queue;
    this.backup = backup;
  }

  /** Takes the verdict of the validation service; one that nobody waits for changes nothing. */
  @Transactional
  @Durable(CrashPoint.RUN_STATE)
  public void on(ValidationCompleted event) {
    try {
      decide(event.runId(), event.phase(), ValidationOutcome.of(event));
      queue.cancel(event.runId(), Step.VALIDATION_OVERDUE);
    } catch (StaleClaim e) {
      LOG.infof("A validation came that nobody waits for: %s", e.getMessage());
    }
  }

  /**
   * Goes on after a validation.
   *
   * @throws StaleClaim if the run does not wait for a validation of this phase
   */
  @Transactional
  @Durable(CrashPoint.RUN_STATE)
  void decide(UUID id, Phase phase, ValidationOutcome outcome) {
    if (phase == Phase.BEFORE) {
      before(lifecycle.claim(id, RunStateName.VALIDATING), outcome);
    } else {
      after(lifecycle.claim(id, RunStateName.VERIFYING), outcome);
    }
  }

  /** Goes on from VALIDATING. */
  void before(Claim claim, ValidationOutcome outcome) {
    Run run = runs.find(claim.run()).orElseThrow();
    RunState.Validating state = new RunState.Validating();
    runs.saveValidationBefore(run.id(), outcome);
    if (!outcome.valid()) {
      lifecycle.enter(
          claim,
          state.rejected(),
          Announcement.of(
              RunError.of("The validation before the change failed: " + outcome.summary())));
    } else if (run.request().operation() == Operation.VALIDATE) {
      lifecycle.enter(claim, state.completed(), Announcement.says("Validated; nothing changed"));
    } else {
      backup.begin(claim, run);
    }
  }

  /** Goes on from VERIFYING. */
  void after(Claim claim, ValidationOutcome outcome) {
    Run run = runs.find(claim.run()).orElseThrow();
    RunState.Verifying state = new RunState.Verifying();
    runs.saveValidationAfter(run.id(), outcome);
    if (outcome.valid()) {
      lifecycle.enter(
          claim, state.completed(), Announcement.says(run.planned().done(run.options().atomic())));
      return;
    }
    RunError error = RunError.of("The validation after the change failed: " + outcome.summary());
    if (run.options().rollbackOnFailure()) {
      lifecycle.enter(claim, state.rollingBack(), Announcement.of(error));
      queue.schedule(run.id(), Step.ROLL_BACK);
    } else {
      lifecycle.enter(claim, state.failed(), Announcement.of(error));
    }
  }
}

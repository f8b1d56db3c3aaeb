package io.whimbrel.executor.step;

import io.whimbrel.event.RunError;
import io.whimbrel.event.RunStateName;
import io.whimbrel.event.TableName;
import io.whimbrel.executor.apply.CrashPoint;
import io.whimbrel.executor.run.Announcement;
import io.whimbrel.executor.run.Claim;
import io.whimbrel.executor.run.Durable;
import io.whimbrel.executor.run.Run;
import io.whimbrel.executor.run.RunConfig;
import io.whimbrel.executor.run.RunLifecycle;
import io.whimbrel.executor.run.RunMigrations;
import io.whimbrel.executor.run.RunPlan;
import io.whimbrel.executor.run.RunProgress;
import io.whimbrel.executor.run.RunQueue;
import io.whimbrel.executor.run.RunRepository;
import io.whimbrel.executor.run.RunState;
import io.whimbrel.executor.run.RunState.Move;
import io.whimbrel.executor.run.Step;
import io.whimbrel.executor.run.ValidationOutcome;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.List;
import java.util.TreeSet;
import java.util.UUID;

/** Hands a run on at the end of a step, in one transaction of the control database. */
@ApplicationScoped
class Handover {
  private final RunRepository runs;
  private final RunMigrations migrations;
  private final RunLifecycle lifecycle;
  private final RunQueue queue;
  private final ValidationVerdict verdict;
  private final RunConfig config;

  Handover(
      RunRepository runs,
      RunMigrations migrations,
      RunLifecycle lifecycle,
      RunQueue queue,
      ValidationVerdict verdict,
      RunConfig config) {
    this.runs = runs;
    this.migrations = migrations;
    this.lifecycle = lifecycle;
    this.queue = queue;
    this.verdict = verdict;
    this.config = config;
  }

  /** The plan stands; asks for the validation before the change, or goes on without. */
  @Transactional
  @Durable(CrashPoint.RUN_STATE)
  void planned(Claim claim, Run run, RunPlan plan, boolean validate, String waiver) {
    runs.savePlan(run.id(), plan);
    migrations.plan(run.id(), plan.migrations());
    runs.endStep(run.id(), Step.PLAN, "PLANNED");
    Claim planned =
        lifecycle.enter(
            claim,
            new RunState.Requested().planned(),
            Announcement.planned(plan.planned(run.options().atomic()), plan.drift()));
    Move validating = new RunState.Planned().validating();
    if (validate) {
      lifecycle.enter(
          planned, validating, Announcement.asksBefore(plan.touched(), plan.plannedChanges()));
      queue.schedule(
          run.id(), Step.VALIDATION_OVERDUE, Instant.now().plus(config.validationTimeout()));
    } else {
      Claim waived =
          lifecycle.enter(
              planned, validating, Announcement.says("Goes on without a validation: " + waiver));
      verdict.before(waived, ValidationOutcome.waived(waiver));
    }
  }

  /** Everything is applied; asks for the validation after the change, or goes on without. */
  @Transactional
  @Durable(CrashPoint.RUN_STATE)
  void applied(Claim claim, Run run) {
    runs.endStep(run.id(), Step.APPLY, "APPLIED");
    Move verifying = new RunState.Applying().verifying();
    boolean nothing = run.planned().migrations().isEmpty();
    if (run.options().validateAfter() && !nothing) {
      TreeSet<TableName> tables = new TreeSet<>(run.planned().touched());
      tables.addAll(run.planned().created());
      lifecycle.enter(claim, verifying, Announcement.asksAfter(List.copyOf(tables)));
      queue.schedule(
          run.id(), Step.VALIDATION_OVERDUE, Instant.now().plus(config.validationTimeout()));
    } else {
      String waiver = nothing ? "nothing was pending" : "the request asked for none";
      Claim waived =
          lifecycle.enter(
              claim, verifying, Announcement.says("Goes on without a validation: " + waiver));
      verdict.after(waived, ValidationOutcome.waived(waiver));
    }
  }

  /**
   * Ends the step at once if the run was paused before, and nobody lets it go on.
   *
   * @throws StepPaused if so
   */
  void endIfStillPaused(UUID id) {
    Run run = runs.find(id).orElseThrow();
    if (run.state() == RunStateName.APPLYING
        && run.wish().pauses()
        && run.progress() != null
        && run.progress().isPaused()) {
      throw new StepPaused();
    }
  }

  /** The step ends between two batches; says why, unless the run is to go on by now. */
  @Transactional
  @Durable(CrashPoint.STEP_PAUSED)
  void paused(Claim claim) {
    runs.endStep(claim.run(), Step.APPLY, "PAUSED");
    Run run = runs.find(claim.run()).orElseThrow();
    String by = run.wish().pausedBy();
    if (by != null) {
      RunProgress progress = run.progress();
      lifecycle.progress(claim, (progress == null ? RunProgress.says("") : progress).pausedBy(by));
    }
  }

  /** The step cannot be done, and the run ends with it. */
  @Transactional
  @Durable(CrashPoint.RUN_STATE)
  void failed(Claim claim, Step step, Move end, RunError error) {
    runs.endStep(claim.run(), step, end.to().name());
    lifecycle.enter(claim, end, Announcement.of(error));
  }
}

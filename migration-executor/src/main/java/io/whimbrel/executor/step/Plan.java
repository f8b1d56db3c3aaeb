package io.whimbrel.executor.step;

import io.whimbrel.event.Operation;
import io.whimbrel.event.RunError;
import io.whimbrel.event.RunStateName;
import io.whimbrel.executor.catalog.Refusal;
import io.whimbrel.executor.run.Claim;
import io.whimbrel.executor.run.Run;
import io.whimbrel.executor.run.RunLifecycle;
import io.whimbrel.executor.run.RunPlan;
import io.whimbrel.executor.run.RunRepository;
import io.whimbrel.executor.run.RunState;
import io.whimbrel.executor.run.Step;
import io.whimbrel.target.Target;
import io.whimbrel.target.TargetRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;

/** Finds out what a run will do. It changes nothing that lasts, so that it can begin anew. */
@ApplicationScoped
class Plan implements RunStep {
  private final TargetRegistry targets;
  private final ForwardPlan forward;
  private final TakeBackPlan takeBack;
  private final RunRepository runs;
  private final RunLifecycle lifecycle;
  private final Handover handover;

  Plan(
      TargetRegistry targets,
      ForwardPlan forward,
      TakeBackPlan takeBack,
      RunRepository runs,
      RunLifecycle lifecycle,
      Handover handover) {
    this.targets = targets;
    this.forward = forward;
    this.takeBack = takeBack;
    this.runs = runs;
    this.lifecycle = lifecycle;
    this.handover = handover;
  }

  @Override
  public Step step() {
    return Step.PLAN;
  }

  @Override
  public void run(UUID id) throws Exception {
    Claim claim = lifecycle.claim(id, step(), RunStateName.REQUESTED);
    Run run = runs.find(id).orElseThrow();
    try {
      Target target = target(run);
      if (run.request().operation() == Operation.ROLLBACK) {
        RunPlan plan = takeBack.of(run, target);
        handover.planned(claim, run, plan, false, "a rollback is not held up by one");
      } else {
        RunPlan plan = forward.of(run, target);
        boolean nothing = plan.migrations().isEmpty();
        handover.planned(
            claim,
            run,
            plan,
            run.options().validateBefore() && !nothing,
            nothing ? "nothing is pending" : "the request asked for none");
      }
    } catch (Refusal e) {
      handover.failed(
          claim, step(), new RunState.Requested().rejected(), RunError.of(e.getMessage()));
    }
  }

  private Target target(Run run) {
    if (run.options().acceptDataLoss() && !run.mayLoseData()) {
      throw new Refusal(
          "acceptDataLoss needs a super-admin, who asks through the gateway; nothing was done");
    }
    return targets
        .find(run.target())
        .orElseThrow(
            () ->
                new Refusal(
                    "There is no target "
                        + run.target()
                        + "; GET /targets lists those that the targets file declares"));
  }
}

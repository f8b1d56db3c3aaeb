package io.whimbrel.executor.step;

import io.whimbrel.event.Phase;
import io.whimbrel.event.RunStateName;
import io.whimbrel.executor.apply.CrashPoint;
import io.whimbrel.executor.run.Durable;
import io.whimbrel.executor.run.Run;
import io.whimbrel.executor.run.RunConfig;
import io.whimbrel.executor.run.RunRepository;
import io.whimbrel.executor.run.Step;
import io.whimbrel.executor.run.ValidationOutcome;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.UUID;

/** Decides without a validation that has not come in time. */
@ApplicationScoped
class ValidationOverdue implements RunStep {
  private final RunRepository runs;
  private final ValidationVerdict verdict;
  private final RunConfig config;

  ValidationOverdue(RunRepository runs, ValidationVerdict verdict, RunConfig config) {
    this.runs = runs;
    this.verdict = verdict;
    this.config = config;
  }

  @Override
  public Step step() {
    return Step.VALIDATION_OVERDUE;
  }

  @Override
  @Transactional
  @Durable(CrashPoint.RUN_STATE)
  public void run(UUID id) {
    Run run = runs.find(id).orElseThrow();
    ValidationOutcome overdue =
        ValidationOutcome.overdue(
            "no answer from the validation service within "
                + config.validationTimeout().toSeconds()
                + " s; see that it runs, then request again");
    if (run.state() == RunStateName.VALIDATING) {
      verdict.decide(id, Phase.BEFORE, overdue);
    } else if (run.state() == RunStateName.VERIFYING) {
      verdict.decide(id, Phase.AFTER, overdue);
    }
  }
}

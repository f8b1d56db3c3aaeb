package io.whimbrel.validation.request;

import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.whimbrel.target.Schedule;
import io.whimbrel.target.Target;
import io.whimbrel.target.TargetRegistry;
import io.whimbrel.validation.check.StrictnessConfig;
import io.whimbrel.validation.rule.SqlStates;
import jakarta.enterprise.context.ApplicationScoped;
import org.jboss.logging.Logger;

/** Looks which targets are due to be validated by schedule. */
@ApplicationScoped
class Schedules {
  private static final Logger LOG = Logger.getLogger(Schedules.class);

  private final TargetRegistry targets;
  private final DueValidation due;
  private final StrictnessConfig strictness;

  Schedules(TargetRegistry targets, DueValidation due, StrictnessConfig strictness) {
    this.targets = targets;
    this.due = due;
    this.strictness = strictness;
  }

  @Scheduled(
      every = "${whimbrel.validation.requests.schedule-interval:5s}",
      concurrentExecution = ConcurrentExecution.SKIP)
  void look() {
    if (strictness.enabled()) {
      targets.all().forEach(this::look);
    }
  }

  private void look(Target target) {
    Schedule schedule = target.validation();
    if (schedule == null) {
      return;
    }
    try {
      due.requestIfDue(target, schedule);
    } catch (RuntimeException e) {
      LOG.warnf(
          "The schedule of %s will be looked at again: %s",
          target.name(), SqlStates.within(e).orElse(e.getClass().getSimpleName()));
    }
  }
}

package io.whimbrel.validation.request;

import io.whimbrel.event.Phase;
import io.whimbrel.target.Schedule;
import io.whimbrel.target.Target;
import io.whimbrel.validation.report.Reach;
import io.whimbrel.validation.report.Subject;
import io.whimbrel.validation.report.Wish;
import io.whimbrel.validation.rule.Mode;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Requests the validation of a target whose time has come: the next time and the request in one
 * transaction, so that of several instances one requests it, and none is lost.
 */
@ApplicationScoped
class DueValidation {
  private static final Logger LOG = Logger.getLogger(DueValidation.class);

  private final ScheduleRepository schedules;
  private final RequestRepository requests;

  DueValidation(ScheduleRepository schedules, RequestRepository requests) {
    this.schedules = schedules;
    this.requests = requests;
  }

  /** One that is still underway is not followed by another. */
  @Transactional
  void requestIfDue(Target target, Schedule schedule) {
    if (!schedules.takeDue(target.name(), schedule)) {
      return;
    }
    if (schedules.underway(target.name())) {
      LOG.warnf(
          "The validation of %s by schedule is left out, as the last one is underway",
          target.name());
      return;
    }
    Subject subject =
        new Subject(
            UUID.randomUUID(), null, Phase.TARGETED, target.name(), List.of(), wish(schedule));
    requests.request(subject, Claim.SCHEDULE);
    LOG.infof("Validation %s of %s is due by schedule", subject.id(), target.name());
  }

  private static Wish wish(Schedule schedule) {
    Mode mode =
        Optional.ofNullable(schedule.mode())
            .map(name -> Mode.valueOf(name.toUpperCase(Locale.ROOT)))
            .orElse(null);
    return new Wish(Reach.DATABASE, List.of(), schedule.categories(), mode, null, null);
  }
}

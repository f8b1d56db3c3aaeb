package io.whimbrel.validation.request;

import io.micrometer.core.instrument.MeterRegistry;
import io.whimbrel.delivery.Outbox;
import io.whimbrel.validation.report.Answer;
import io.whimbrel.validation.report.Report;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.Map;
import org.jboss.logging.Logger;

/**
 * The end of a validation: report and, if a run or the schedule asked, event in one transaction. If
 * it fails, neither is there and the validation is claimed again.
 */
@ApplicationScoped
class Completion {
  private static final Logger LOG = Logger.getLogger(Completion.class);

  private final ClaimRepository claimed;
  private final Outbox outbox;
  private final MeterRegistry metrics;

  Completion(ClaimRepository claimed, Outbox outbox, MeterRegistry metrics) {
    this.claimed = claimed;
    this.outbox = outbox;
    this.metrics = metrics;
  }

  /** Without a look there is nothing to note. */
  @Transactional
  void complete(Claim claim, Report report) {
    complete(claim, report, Map.of());
  }

  @Transactional
  void complete(Claim claim, Report report, Map<String, String> notes) {
    if (!claimed.finish(claim.token(), report, notes)) {
      LOG.infof("Validation %s was taken over by another worker", report.id());
      return;
    }
    if (claim.announced()) {
      outbox.append(Answer.eventId(report), Answer.of(report));
    }
    metrics
        .counter("whimbrel.validations", "phase", report.phase().name(), "outcome", outcome(report))
        .increment();
    LOG.infof(
        "Validation %s of %s is %s: %s",
        report.id(), report.phase(), outcome(report), report.summary());
  }

  private static String outcome(Report report) {
    if (report.error() != null) {
      return "error";
    }
    return report.valid() ? "valid" : "invalid";
  }
}

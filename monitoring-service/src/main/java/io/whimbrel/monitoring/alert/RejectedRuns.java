package io.whimbrel.monitoring.alert;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.whimbrel.event.Severity;
import io.whimbrel.monitoring.MonitoringConfig;
import io.whimbrel.monitoring.SqlState;
import io.whimbrel.monitoring.run.RunRepository;
import io.whimbrel.monitoring.run.RunRepository.Rejected;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jboss.logging.Logger;

/**
 * Raises alerts for rejected runs, unless a failed validation has one for them already. A
 * validation and the rejection that follows from it come by different topics, in either order, so
 * this looks a little later instead of at the event.
 */
@ApplicationScoped
class RejectedRuns {
  private static final Logger LOG = Logger.getLogger(RejectedRuns.class);

  private final RunRepository runs;
  private final Alerts alerts;
  private final MonitoringConfig config;

  RejectedRuns(RunRepository runs, Alerts alerts, MonitoringConfig config) {
    this.runs = runs;
    this.alerts = alerts;
    this.config = config;
  }

  @Scheduled(every = "2s", concurrentExecution = ConcurrentExecution.SKIP)
  void raise() {
    if (!config.enabled()) {
      return;
    }
    try {
      runs.rejectedWithoutValidation(config.rejectionGrace())
          .forEach(run -> QuarkusTransaction.requiringNew().run(() -> alerts.raise(alert(run))));
    } catch (RuntimeException e) {
      LOG.warnf("Rejected runs will be looked at again in 2 s: %s", SqlState.describe(e));
    }
  }

  private static Alert alert(Rejected run) {
    return Alert.ofRun(
        AlertKind.RUN_REJECTED,
        Severity.WARNING,
        run.target(),
        run.runId(),
        "A run on " + run.target() + " was rejected",
        "Nothing was changed. The run tells why: an unknown target or migration, a plan that cannot"
            + " be made, or a validation that did not answer. Mend the request and send it again.",
        "run-rejected:" + run.runId(),
        Instant.now().truncatedTo(ChronoUnit.MILLIS));
  }
}

package io.whimbrel.monitoring.watch;

import io.quarkus.arc.All;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.whimbrel.monitoring.MonitoringConfig;
import io.whimbrel.monitoring.SqlState;
import io.whimbrel.monitoring.alert.Alert;
import io.whimbrel.monitoring.alert.Alerts;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * Looks at all conditions at an interval: raises what is present and resolves what is gone. A
 * condition that cannot be looked at now neither raises nor resolves anything. Instances that look
 * at once raise one alert, since a cause has one open alert.
 */
@ApplicationScoped
public class Watch {
  private static final Logger LOG = Logger.getLogger(Watch.class);

  private final List<Condition> conditions;
  private final Alerts alerts;
  private final MonitoringConfig config;

  Watch(@All List<Condition> conditions, Alerts alerts, MonitoringConfig config) {
    this.conditions = conditions;
    this.alerts = alerts;
    this.config = config;
  }

  @Scheduled(
      every = "${migration.alerts.interval:10s}",
      delayed = "5s",
      concurrentExecution = ConcurrentExecution.SKIP)
  void bySchedule() {
    if (config.enabled()) {
      look();
    }
  }

  /** Looks now. */
  public void look() {
    Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    conditions.forEach(
        condition ->
            attempt(condition.kind().name(), () -> apply(condition, condition.present(now))));
    attempt("settled alerts", alerts::resolveSettled);
    attempt("silences", alerts::endSilences);
  }

  private void apply(Condition condition, List<Alert> present) {
    QuarkusTransaction.requiringNew()
        .run(
            () -> {
              alerts.resolveOthers(
                  condition.kind(), present.stream().map(Alert::deduplicationKey).toList());
              present.forEach(alerts::raise);
            });
  }

  private static void attempt(String what, Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) {
      LOG.warnf("%s will be looked at again: %s", what, SqlState.describe(e));
    }
  }
}

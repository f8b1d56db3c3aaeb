package io.whimbrel.monitoring.log;

import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.whimbrel.monitoring.MonitoringConfig;
import io.whimbrel.monitoring.SqlState;
import jakarta.enterprise.context.ApplicationScoped;
import org.jboss.logging.Logger;

/**
 * Makes the event log's partitions before their days begin, and looks every minute, so that a
 * failed attempt is soon made good. If this never ran, each day's partition would be made by the
 * first event of the day.
 */
@ApplicationScoped
class DaysAhead {
  private static final Logger LOG = Logger.getLogger(DaysAhead.class);

  private final EventLogRepository log;
  private final MonitoringConfig config;

  DaysAhead(EventLogRepository log, MonitoringConfig config) {
    this.log = log;
    this.config = config;
  }

  @Scheduled(every = "1m", concurrentExecution = ConcurrentExecution.SKIP)
  void ensure() {
    try {
      log.ensureDays(config.daysAhead());
    } catch (RuntimeException e) {
      LOG.warnf("The days ahead will be made later: %s", SqlState.describe(e));
    }
  }
}

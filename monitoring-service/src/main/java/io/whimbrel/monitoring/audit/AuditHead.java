package io.whimbrel.monitoring.audit;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.whimbrel.monitoring.SqlState;
import jakarta.enterprise.context.ApplicationScoped;
import org.jboss.logging.Logger;

/**
 * Tells the end of the trail in the log and as a metric, so that it is kept where nobody who can
 * change the trail can change it. The metric has the first 48 bits of the hash, which a floating
 * point number holds exactly.
 */
@ApplicationScoped
class AuditHead {
  private static final Logger LOG = Logger.getLogger(AuditHead.class);
  private static final int DIGITS = 12;

  private final AuditRepository entries;
  private volatile Link.Head told = Link.NONE;

  AuditHead(AuditRepository entries, MeterRegistry metrics) {
    this.entries = entries;
    metrics.gauge("whimbrel.audit.head.position", this, head -> head.told.position());
    metrics.gauge(
        "whimbrel.audit.head.hash",
        this,
        head -> Long.parseLong(head.told.hash().substring(0, DIGITS), 16));
  }

  @Scheduled(
      every = "${migration.audit.head-interval:1m}",
      concurrentExecution = ConcurrentExecution.SKIP)
  void tell() {
    try {
      Link.Head head = entries.head();
      if (!head.equals(told)) {
        LOG.infof("The audit trail ends at %d with %s", head.position(), head.hash());
        told = head;
      }
    } catch (RuntimeException e) {
      LOG.warnf("The end of the audit trail will be told later: %s", SqlState.describe(e));
    }
  }
}

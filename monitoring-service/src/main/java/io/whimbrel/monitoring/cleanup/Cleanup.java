package io.whimbrel.monitoring.cleanup;

import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.whimbrel.monitoring.SqlState;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * Forgets what is old: days of the event log by dropping their partitions, the rest by rows, some
 * at a time. Each step is a transaction of its own; if it stops half way, the next cleaning goes on
 * from there. Never forgotten are active runs, open alerts with what they are about, the audit
 * trail, and the counts of what is forgotten.
 */
@ApplicationScoped
public class Cleanup {
  private static final Logger LOG = Logger.getLogger(Cleanup.class);

  private static final List<String> TABLES =
      List.of("dead_letter", "validation_outcome", "run_picture", "alert");

  private final CleanupRepository repository;
  private final CleanupConfig config;

  Cleanup(CleanupRepository repository, CleanupConfig config) {
    this.repository = repository;
    this.config = config;
  }

  /** What would be forgotten. */
  public CleanupPlan plan(Instant before) {
    return repository.plan(before);
  }

  /** Forgets what ended before. */
  public synchronized CleanupPlan carryOut(Instant before) {
    CleanupPlan plan = plan(before);
    repository.announce(before);
    plan.days().stream().filter(day -> !day.kept()).forEach(day -> repository.drop(day.day()));
    TABLES.forEach(table -> remove(table, before));
    LOG.infof(
        "Cleaned up what ended before %s: %d days of the event log, %d runs, %d alerts",
        before,
        plan.days().stream().filter(day -> !day.kept()).count(),
        plan.runs(),
        plan.alerts());
    return plan.carriedOut();
  }

  private void remove(String table, Instant before) {
    boolean more = true;
    while (more) {
      more = repository.removeSome(table, before);
    }
  }

  @Scheduled(
      every = "${migration.cleanup.interval:86400000}ms",
      delayed = "1m",
      concurrentExecution = ConcurrentExecution.SKIP)
  void bySchedule() {
    if (config.interval() == 0) {
      return;
    }
    try {
      carryOut(Instant.now().minus(config.retention()).truncatedTo(ChronoUnit.MILLIS));
    } catch (RuntimeException e) {
      LOG.warnf("Cleaning up will be tried again: %s", SqlState.describe(e));
    }
  }
}

package io.whimbrel.monitoring.figures;

import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.whimbrel.monitoring.MonitoringConfig;
import io.whimbrel.monitoring.SqlState;
import io.whimbrel.monitoring.figures.Figures.Period;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The figures of all times, which are asked for most and cost most, since percentiles are those of
 * every run there is. While someone asks, they are computed anew in the background, as often as
 * they cost no more than a twentieth of the time; {@code computedAt} says when. After a silence
 * they are computed for the first who asks.
 */
@ApplicationScoped
public class AllTimes {
  private static final Logger LOG = Logger.getLogger(AllTimes.class);
  private static final Duration SILENCE = Duration.ofMinutes(2);
  private static final int SHARE = 20;

  private final FiguresOf figures;
  private final MonitoringConfig config;
  private volatile @Nullable Computed latest;
  private volatile long asked = System.nanoTime() - SILENCE.toNanos();

  AllTimes(FiguresOf figures, MonitoringConfig config) {
    this.figures = figures;
    this.config = config;
  }

  private record Computed(Figures figures, long at, long cost) {
    boolean olderThan(long nanos) {
      return System.nanoTime() - at > nanos;
    }
  }

  public Figures figures() {
    asked = System.nanoTime();
    Computed known = latest;
    return (known == null || known.olderThan(2 * dueAfter(known) + SILENCE.toNanos())
            ? compute()
            : known)
        .figures;
  }

  @Scheduled(
      every = "${migration.monitoring.refresh:5s}",
      concurrentExecution = ConcurrentExecution.SKIP)
  void refresh() {
    Computed known = latest;
    if (known == null || System.nanoTime() - asked > SILENCE.toNanos()) {
      latest = null;
    } else if (known.olderThan(dueAfter(known))) {
      try {
        compute();
      } catch (RuntimeException e) {
        LOG.warnf("The figures of all times stay as they were: %s", SqlState.describe(e));
      }
    }
  }

  /** The first ask after a silence computes; whoever asks meanwhile waits for the same. */
  private synchronized Computed compute() {
    Computed known = latest;
    if (known != null && !known.olderThan(dueAfter(known))) {
      return known;
    }
    long began = System.nanoTime();
    Figures now = figures.period(Period.ALWAYS, null);
    Computed computed = new Computed(now, began, System.nanoTime() - began);
    latest = computed;
    return computed;
  }

  private long dueAfter(Computed computed) {
    return Math.max(config.refresh().toNanos(), SHARE * computed.cost) - computed.cost;
  }
}

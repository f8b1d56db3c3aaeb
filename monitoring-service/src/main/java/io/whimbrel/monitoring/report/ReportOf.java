package io.whimbrel.monitoring.report;

import io.whimbrel.monitoring.alert.AlertRepository;
import io.whimbrel.monitoring.figures.Figures.Period;
import io.whimbrel.monitoring.figures.FiguresOf;
import io.whimbrel.monitoring.health.HealthChecks;
import io.whimbrel.monitoring.performance.Performance;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** Gathers a report. */
@ApplicationScoped
public class ReportOf {
  private static final int SLOWEST = 20;

  private final FiguresOf figures;
  private final Performance performance;
  private final AlertRepository alerts;
  private final HealthChecks health;

  ReportOf(
      FiguresOf figures, Performance performance, AlertRepository alerts, HealthChecks health) {
    this.figures = figures;
    this.performance = performance;
    this.alerts = alerts;
    this.health = health;
  }

  /**
   * Gathers the report of a period.
   *
   * @param target null for all targets
   */
  @Transactional
  public Report period(Period period, @Nullable String target) {
    return new Report(
        Instant.now().truncatedTo(ChronoUnit.SECONDS),
        period.from(),
        period.to(),
        target,
        health.latest(),
        figures.period(period, target),
        performance.days(period.from(), period.to(), target),
        performance.slowest(period.from(), period.to(), target, SLOWEST),
        alerts.open().stream().filter(a -> target == null || target.equals(a.target())).toList());
  }
}

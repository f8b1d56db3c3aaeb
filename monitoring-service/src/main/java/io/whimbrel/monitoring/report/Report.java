package io.whimbrel.monitoring.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.whimbrel.monitoring.alert.Alert;
import io.whimbrel.monitoring.figures.Figures;
import io.whimbrel.monitoring.health.Health;
import io.whimbrel.monitoring.performance.Performance.Day;
import io.whimbrel.monitoring.performance.RunPerformance;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What happened in a period.
 *
 * @param days of the period (UTC), those without an ended run left out
 * @param slowest the runs that took longest
 * @param openAlerts as they are now
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Report(
    Instant writtenAt,
    @Nullable Instant from,
    @Nullable Instant to,
    @Nullable String target,
    Health health,
    Figures figures,
    List<Day> days,
    List<RunPerformance> slowest,
    List<Alert> openAlerts) {

  /** Runs that took much longer than those before them. */
  public List<RunPerformance> regressions() {
    return slowest.stream().filter(RunPerformance::regression).toList();
  }
}

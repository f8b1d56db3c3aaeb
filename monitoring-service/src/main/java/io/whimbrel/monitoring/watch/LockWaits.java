package io.whimbrel.monitoring.watch;

import io.whimbrel.event.Severity;
import io.whimbrel.monitoring.alert.Alert;
import io.whimbrel.monitoring.alert.AlertKind;
import io.whimbrel.monitoring.alert.Thresholds;
import io.whimbrel.monitoring.run.ActiveRuns;
import io.whimbrel.monitoring.run.ActiveRuns.LockWait;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Runs that wait for locks of others, and hold up those who come behind them meanwhile. */
@ApplicationScoped
class LockWaits implements Condition {
  /** Who waits says so at least this often. */
  private static final Duration FRESH = Duration.ofSeconds(30);

  private final ActiveRuns runs;
  private final Thresholds thresholds;

  LockWaits(ActiveRuns runs, Thresholds thresholds) {
    this.runs = runs;
    this.thresholds = thresholds;
  }

  @Override
  public AlertKind kind() {
    return AlertKind.LOCK_WAIT;
  }

  @Override
  public List<Alert> present(Instant now) {
    return runs.lockWaits().stream()
        .filter(wait -> wait.last().isAfter(now.minus(FRESH)))
        .filter(
            wait ->
                Duration.between(wait.first(), wait.last())
                        .compareTo(thresholds.lockWait(wait.target()))
                    >= 0)
        .map(wait -> alert(wait, now))
        .toList();
  }

  private static Alert alert(LockWait wait, Instant now) {
    return Alert.ofCondition(
        AlertKind.LOCK_WAIT,
        Severity.WARNING,
        wait.target(),
        wait.runId(),
        "A run on " + wait.target() + " waits for a lock",
        "It has not got its lock since %s, and tries again. The run's progress names who holds it: end that session, or let it end, or cancel the run."
            .formatted(wait.first()),
        "lock-wait:" + wait.runId(),
        now);
  }
}

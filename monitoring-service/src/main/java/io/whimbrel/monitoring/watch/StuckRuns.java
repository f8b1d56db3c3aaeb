package io.whimbrel.monitoring.watch;

import io.whimbrel.event.RunStateName;
import io.whimbrel.event.Severity;
import io.whimbrel.monitoring.alert.Alert;
import io.whimbrel.monitoring.alert.AlertKind;
import io.whimbrel.monitoring.alert.Thresholds;
import io.whimbrel.monitoring.run.ActiveRuns;
import io.whimbrel.monitoring.run.ActiveRuns.Active;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Runs that are at work, as far as is known, and say nothing. */
@ApplicationScoped
class StuckRuns implements Condition {
  private final ActiveRuns runs;
  private final Thresholds thresholds;

  StuckRuns(ActiveRuns runs, Thresholds thresholds) {
    this.runs = runs;
    this.thresholds = thresholds;
  }

  @Override
  public AlertKind kind() {
    return AlertKind.RUN_STUCK;
  }

  @Override
  public List<Alert> present(Instant now) {
    return runs.all().stream()
        .filter(run -> run.state() != RunStateName.REQUESTED)
        .filter(run -> silence(run, now).compareTo(thresholds.stuckAfter(run.target())) > 0)
        .map(run -> alert(run, now))
        .toList();
  }

  private static Duration silence(Active run, Instant now) {
    return Duration.between(run.lastSeen(), now);
  }

  private static Alert alert(Active run, Instant now) {
    return Alert.ofCondition(
        AlertKind.RUN_STUCK,
        Severity.ERROR,
        run.target(),
        run.runId(),
        "A run on " + run.target() + " says nothing",
        "It has been %s and has said nothing since %s. See whether an executor runs and reaches the target, and what the target's sessions wait for; a run whose executor died goes on by itself within 90 seconds."
            .formatted(run.state(), run.lastSeen()),
        "run-stuck:" + run.runId(),
        now);
  }
}

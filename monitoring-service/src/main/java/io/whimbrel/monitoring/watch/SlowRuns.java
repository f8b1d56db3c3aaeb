package io.whimbrel.monitoring.watch;

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
import java.util.Optional;

/** Runs that take much longer than those of their target did of late. */
@ApplicationScoped
class SlowRuns implements Condition {
  private final ActiveRuns runs;
  private final Thresholds thresholds;

  SlowRuns(ActiveRuns runs, Thresholds thresholds) {
    this.runs = runs;
    this.thresholds = thresholds;
  }

  @Override
  public AlertKind kind() {
    return AlertKind.RUN_TOO_LONG;
  }

  @Override
  public List<Alert> present(Instant now) {
    return runs.all().stream().flatMap(run -> alert(run, now).stream()).toList();
  }

  private Optional<Alert> alert(Active run, Instant now) {
    Instant started = run.startedAt();
    if (started == null) {
      return Optional.empty();
    }
    return runs.usual(run.target(), run.operation())
        .map(usual -> thresholds.tooLong(run.target(), usual))
        .filter(most -> Duration.between(started, now).compareTo(most) > 0)
        .map(most -> alert(run, started, most, now));
  }

  private static Alert alert(Active run, Instant started, Duration most, Instant now) {
    return Alert.ofCondition(
        AlertKind.RUN_TOO_LONG,
        Severity.WARNING,
        run.target(),
        run.runId(),
        "A run on " + run.target() + " takes long",
        "It began at %s and is %s; runs of this target were expected to take no longer than %s. Look at its progress, and at what the target's sessions wait for. It can be cancelled until its last COMMIT."
            .formatted(started, run.state(), words(most)),
        "run-too-long:" + run.runId(),
        now);
  }

  private static String words(Duration duration) {
    return duration.toSeconds() + " s";
  }
}

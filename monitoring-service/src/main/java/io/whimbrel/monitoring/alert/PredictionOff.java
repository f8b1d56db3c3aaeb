package io.whimbrel.monitoring.alert;

import io.whimbrel.event.Event;
import io.whimbrel.event.MigrationProgress;
import io.whimbrel.event.MigrationProgress.Applied;
import io.whimbrel.event.MigrationProgress.Prediction;
import io.whimbrel.event.Severity;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Raises an alert for a run with a migration that took far longer than its plan had said. */
record PredictionOff(Thresholds thresholds) implements AlertRule {

  @Override
  public Optional<Alert> examine(Event event, Instant time) {
    if (!(event instanceof MigrationProgress progress) || progress.applied() == null) {
      return Optional.empty();
    }
    List<Applied> off =
        progress.applied().stream()
            .filter(one -> off(progress.target(), one))
            .sorted(Comparator.comparingLong(Applied::durationMs).reversed())
            .toList();
    return off.isEmpty() ? Optional.empty() : Optional.of(alert(progress, off));
  }

  private boolean off(String target, Applied one) {
    Prediction predicted = one.predicted();
    return predicted != null
        && Duration.ofMillis(one.durationMs())
                .compareTo(thresholds.beyondPrediction(target, predicted.highMs()))
            > 0;
  }

  private static Alert alert(MigrationProgress progress, List<Applied> off) {
    Applied worst = off.get(0);
    double highMs = worst.predicted() == null ? 0 : worst.predicted().highMs();
    return Alert.ofRun(
        AlertKind.PREDICTION_OFF,
        Severity.WARNING,
        progress.target(),
        progress.runId(),
        "A run on " + progress.target() + " took longer than was predicted",
        "%s took %s s, and was predicted to take at most %s s%s. Look at what the target was busy with; the speeds of the target are measured and corrected by themselves, so that later plans know better."
            .formatted(
                Why.plain(worst.migration()),
                seconds((double) worst.durationMs()),
                seconds(highMs),
                off.size() == 1 ? "" : "; %d migrations of the run were off".formatted(off.size())),
        "prediction-off:" + progress.runId(),
        progress.at());
  }

  private static String seconds(double ms) {
    return Double.toString(Math.round(ms / 100) / 10.0);
  }
}

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
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Runs that take much longer than they were to. How long migrations take is predicted by plans, so
 * a run that applies them is compared with that; what nobody predicted is compared with the last
 * runs of the target: a run without a prediction, and the rest of one that has one.
 */
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
    return runs.all().stream()
        .flatMap(run -> compared(run, now).filter(this::tooLong).map(it -> alert(it, now)).stream())
        .toList();
  }

  /**
   * A run beside what was expected of it.
   *
   * @param words with a place for either figure
   */
  private record Compared(Active run, Duration taken, Duration expected, String words) {}

  private Optional<Compared> compared(Active run, Instant now) {
    Instant started = run.startedAt();
    if (started == null) {
      return Optional.empty();
    }
    Duration predicted = run.predicted();
    Duration applying = applying(run, now);
    if (predicted == null || applying == null) {
      return usual(run, Duration.between(started, now), "It has taken %s s");
    }
    return run.state() == RunStateName.APPLYING
        ? Optional.of(
            new Compared(
                run,
                applying,
                predicted,
                "It has been applying its migrations for %s s, which were predicted to take at most"
                    + " %s s"))
        : usual(
            run,
            Duration.between(started, now).minus(applying),
            "It has taken %s s beside applying its migrations");
  }

  private Optional<Compared> usual(Active run, Duration taken, String words) {
    return runs.usual(run.target(), run.operation())
        .map(
            usual ->
                new Compared(
                    run,
                    taken,
                    usual,
                    words
                        + ", and 95 of the last 100 completed runs of this target took at most %s s"
                        + " in all"));
  }

  private static @Nullable Duration applying(Active run, Instant now) {
    Instant began = run.applyingAt();
    Instant ended = run.appliedAt();
    return began == null ? null : Duration.between(began, ended == null ? now : ended);
  }

  private boolean tooLong(Compared compared) {
    return compared.taken.compareTo(thresholds.tooLong(compared.run.target(), compared.expected))
        > 0;
  }

  private static Alert alert(Compared compared, Instant now) {
    Active run = compared.run;
    return Alert.ofCondition(
        AlertKind.RUN_TOO_LONG,
        Severity.WARNING,
        run.target(),
        run.runId(),
        "A run on " + run.target() + " takes long",
        "%s. It is %s. Look at its progress, and at what the target's sessions wait for. It can be cancelled until its last COMMIT."
            .formatted(
                compared.words.formatted(seconds(compared.taken), seconds(compared.expected)),
                run.state()),
        "run-too-long:" + run.runId(),
        now);
  }

  private static String seconds(Duration duration) {
    return Double.toString(Math.round(duration.toMillis() / 100.0) / 10.0);
  }
}

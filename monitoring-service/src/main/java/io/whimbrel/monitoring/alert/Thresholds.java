package io.whimbrel.monitoring.alert;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The thresholds of each target: its own, or those of all. */
@ApplicationScoped
public class Thresholds {
  private final AlertConfig config;

  Thresholds(AlertConfig config) {
    this.config = config;
  }

  /** Whether a kind is alerted of at all; for alerts without a target, what holds for all. */
  public boolean wanted(AlertKind kind, @Nullable String target) {
    return !of(target)
        .flatMap(AlertConfig.OfTarget::off)
        .or(config::off)
        .orElse(Set.of())
        .contains(kind);
  }

  public Duration stuckAfter(String target) {
    return of(target).flatMap(AlertConfig.OfTarget::stuckAfter).orElse(config.stuckAfter());
  }

  public Duration lockWait(String target) {
    return of(target).flatMap(AlertConfig.OfTarget::lockWait).orElse(config.lockWait());
  }

  /**
   * How long a run, or a part of it, may take.
   *
   * @param expected how long it was predicted to take at most, or 95 of 100 runs took
   */
  public Duration tooLong(String target, Duration expected) {
    double factor =
        of(target)
            .map(own -> own.tooLongFactor().orElse(config.tooLongFactor()))
            .orElse(config.tooLongFactor());
    Duration least =
        of(target).flatMap(AlertConfig.OfTarget::tooLongLeast).orElse(config.tooLongLeast());
    Duration most = Duration.ofMillis((long) (expected.toMillis() * factor));
    return most.compareTo(least) > 0 ? most : least;
  }

  /**
   * How long a migration may take before its prediction was off.
   *
   * @param highMs the upper end of its predicted range
   */
  Duration beyondPrediction(String target, double highMs) {
    double factor =
        of(target)
            .map(own -> own.predictionFactor().orElse(config.predictionFactor()))
            .orElse(config.predictionFactor());
    Duration least =
        of(target).flatMap(AlertConfig.OfTarget::predictionLeast).orElse(config.predictionLeast());
    Duration most = Duration.ofMillis((long) (highMs * factor));
    return most.compareTo(least) > 0 ? most : least;
  }

  public long consumerLag() {
    return config.consumerLag();
  }

  private Optional<AlertConfig.OfTarget> of(@Nullable String target) {
    return target == null ? Optional.empty() : Optional.ofNullable(config.target().get(target));
  }
}

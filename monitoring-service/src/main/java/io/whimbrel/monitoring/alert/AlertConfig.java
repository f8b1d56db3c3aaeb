package io.whimbrel.monitoring.alert;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/** What is alerted of, and from when on. */
@ConfigMapping(prefix = "migration.alerts")
public interface AlertConfig {

  /** How often conditions are looked at, and alerts whose cause is gone are resolved. */
  @WithDefault("10s")
  Duration interval();

  /** The directory of {@code alerts.json}, the open alerts ({@code MIGRATION_ALERTS_DIR}). */
  Optional<Path> dir();

  /** Kinds that are not alerted of. */
  Optional<Set<AlertKind>> off();

  /** A run that says nothing for longer is stuck; one that waits for its turn is not. */
  @WithDefault("15m")
  Duration stuckAfter();

  /**
   * A run takes too long once it applies its migrations for this many times as long as they were
   * predicted to take at most; or, where nothing was predicted, takes this many times as long as 95
   * of the last 100 completed runs of its target did.
   */
  @WithDefault("3")
  double tooLongFactor();

  /** And at least this long. */
  @WithDefault("5m")
  Duration tooLongLeast();

  /**
   * A prediction is off once a migration takes this many times as long as the upper end of its
   * predicted range.
   */
  @WithDefault("2")
  double predictionFactor();

  /** And at least this long. */
  @WithDefault("10s")
  Duration predictionLeast();

  /** A run that has waited for locks for longer, over all its tries of late, waits too long. */
  @WithDefault("10s")
  Duration lockWait();

  /** Records that a service has yet to take from Kafka. */
  @WithDefault("10000")
  long consumerLag();

  /** Other thresholds for single targets, by name. */
  Map<String, OfTarget> target();

  /** What is absent is as for all targets. */
  interface OfTarget {
    Optional<Set<AlertKind>> off();

    Optional<Duration> stuckAfter();

    Optional<Duration> lockWait();

    OptionalDouble tooLongFactor();

    Optional<Duration> tooLongLeast();

    OptionalDouble predictionFactor();

    Optional<Duration> predictionLeast();
  }
}

package io.whimbrel.executor.forecast;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How well durations are predicted. */
@ConfigMapping(prefix = "whimbrel.forecast")
public interface ForecastConfig {

  /**
   * Whether the speed of a target is measured on its server, with tables of its own; otherwise, and
   * until it has been, usual speeds are assumed.
   */
  @WithDefault("true")
  boolean calibrate();

  /** How old a measurement may be before it is made again. */
  @WithDefault("7d")
  Duration calibrationAge();

  /** How many past migrations of a target correct its speeds. */
  @WithDefault("200")
  int history();
}

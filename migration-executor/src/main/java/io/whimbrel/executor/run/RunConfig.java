package io.whimbrel.executor.run;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How runs are worked off. */
@ConfigMapping(prefix = "whimbrel.runs")
public interface RunConfig {

  /** How many steps of different runs this instance works on at the same time. */
  @WithDefault("8")
  int parallel();

  /** How often the scheduler looks for steps that are due. */
  @WithDefault("100ms")
  Duration pollInterval();

  /**
   * How often an instance says that it is alive; after four times this silence its steps are taken
   * over by others.
   */
  @WithDefault("3s")
  Duration heartbeatInterval();

  /** How long a run waits for a validation before it decides without it. */
  @WithDefault("10m")
  Duration validationTimeout();

  /** How often a step is tried when something outside of it fails, a connection for example. */
  @WithDefault("8")
  int attempts();

  /** The pause before the second attempt; it doubles with each. */
  @WithDefault("500ms")
  Duration attemptPause();

  /** How long a step waits for a target that another session holds, before it counts as failed. */
  @WithDefault("10s")
  Duration targetPatience();

  /** The shortest time between two progress events within a state. */
  @WithDefault("500ms")
  Duration progressInterval();
}

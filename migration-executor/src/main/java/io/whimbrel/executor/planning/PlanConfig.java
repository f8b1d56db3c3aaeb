package io.whimbrel.executor.planning;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How plans are made and how long they are kept. */
@ConfigMapping(prefix = "whimbrel.plans")
public interface PlanConfig {

  /** How long a plan may take to make; what is not found out by then, it says. */
  @WithDefault("15s")
  Duration budget();

  /** How many plans are made at the same time; whoever asks for one more is told to come back. */
  @WithDefault("4")
  int parallel();

  /** How long a plan is kept that no run was made of. */
  @WithDefault("30d")
  Duration keep();
}

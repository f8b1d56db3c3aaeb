package io.whimbrel.gateway.rate;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** How many commands a caller may send to one instance of the gateway. */
@ConfigMapping(prefix = "whimbrel.rate")
public interface RateConfig {
  /** Commands in a row. */
  @WithDefault("100")
  long burst();

  /** Commands a minute in the long run; 0 for no limit at all. */
  @WithDefault("600")
  long perMinute();
}

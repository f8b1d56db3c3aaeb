package io.whimbrel.executor.key;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How long the names of commands are kept. */
@ConfigMapping(prefix = "whimbrel.keys")
public interface KeyConfig {
  /** After this time a key may name another command. */
  @WithDefault("7D")
  Duration keep();
}

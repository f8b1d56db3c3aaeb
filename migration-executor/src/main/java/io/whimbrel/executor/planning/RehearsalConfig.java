package io.whimbrel.executor.planning;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How long scripts may be tried before they run. */
@ConfigMapping(prefix = "whimbrel.rehearsal")
public interface RehearsalConfig {

  /** How long a statement may take in a database without rows. */
  @WithDefault("30s")
  Duration statementTimeout();

  /** How long all of a rehearsal may take. */
  @WithDefault("5m")
  Duration timeout();
}

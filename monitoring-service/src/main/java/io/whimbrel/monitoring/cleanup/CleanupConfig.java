package io.whimbrel.monitoring.cleanup;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How long things are remembered. */
@ConfigMapping(prefix = "migration.cleanup")
public interface CleanupConfig {

  /**
   * Milliseconds between two cleanings ({@code MIGRATION_CLEANUP_INTERVAL}); 0 cleans only when
   * asked.
   */
  @WithDefault("86400000")
  long interval();

  /** What ended longer ago is forgotten by the schedule. */
  @WithDefault("365d")
  Duration retention();
}

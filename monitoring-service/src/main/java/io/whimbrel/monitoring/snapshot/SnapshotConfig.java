package io.whimbrel.monitoring.snapshot;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Where the figures are written as a file; where the alerts are is a matter of the alerts. */
@ConfigMapping(prefix = "migration.metrics")
public interface SnapshotConfig {

  /** The directory of {@code metrics.json} ({@code MIGRATION_METRICS_DIR}). */
  Optional<Path> dir();

  /** How often both files are written. */
  @WithDefault("1m")
  Duration interval();
}

package io.whimbrel.executor.step;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;

/** Where backups are, and how they are taken. */
@ConfigMapping(prefix = "whimbrel.backup")
public interface BackupConfig {

  /** The directory that holds a directory for each target, and in it one for each run. */
  Path directory();

  /** How long a backup waits for the right to read a table that someone else has locked. */
  @WithDefault("30s")
  Duration lockTimeout();
}

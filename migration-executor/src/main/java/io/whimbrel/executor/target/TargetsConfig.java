package io.whimbrel.executor.target;

import io.smallrye.config.ConfigMapping;
import java.nio.file.Path;

/** Where the targets are declared. */
@ConfigMapping(prefix = "whimbrel.targets")
public interface TargetsConfig {

  /** The targets file; it may change while the service runs. */
  Path file();
}

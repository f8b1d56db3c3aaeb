package io.whimbrel.validation.check;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;

/** Where the targets are declared. */
@ConfigMapping(prefix = "whimbrel.targets")
public interface TargetsConfig {

  /** The file {@code targets.yaml}; read again whenever it changes. */
  @WithDefault("targets.yaml")
  Path file();
}

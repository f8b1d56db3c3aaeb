package io.whimbrel.validation.plugin;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Rules of others. */
@ConfigMapping(prefix = "whimbrel.validation.plugins")
public interface PluginConfig {

  /** The directory of the jars; read once, at the start. Without one there are no plug-ins. */
  Optional<Path> directory();

  /** The longest that the look of a plug-in may take, whatever it says itself. */
  @WithDefault("1m")
  Duration timeout();
}

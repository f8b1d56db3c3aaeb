package io.whimbrel.gateway.body;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** How bodies are taken in. */
@ConfigMapping(prefix = "whimbrel.command")
public interface BodyConfig {
  /** Bytes of the largest body that is read. */
  @WithDefault("65536")
  int maxBody();
}

package io.whimbrel.gateway.stream;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How runs are streamed to those who watch them. */
@ConfigMapping(prefix = "whimbrel.stream")
public interface StreamConfig {
  /** How often a comment shows that the stream is alive. */
  @WithDefault("15S")
  Duration heartbeat();

  /** How often the executor is asked for events that Kafka has not brought. */
  @WithDefault("5S")
  Duration pollInterval();

  /** Events that may wait for a slow reader before it is dropped. */
  @WithDefault("256")
  int buffer();

  /** How long a run that the executor does not know yet is waited for. */
  @WithDefault("5S")
  Duration unknownRunGrace();
}

package io.whimbrel.gateway.command;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** How commands are taken in. */
@ConfigMapping(prefix = "whimbrel.command")
public interface CommandConfig {
  /** How long Kafka may take to acknowledge a request before the caller is told 503. */
  @WithDefault("10S")
  Duration acknowledgeTimeout();

  /** How long a request waits for Kafka to be found at all. */
  @WithDefault("3S")
  Duration connectTimeout();

  /** The longest wait that {@code Prefer: wait} gets. */
  @WithDefault("120S")
  Duration maxWait();

  /**
   * The secret shared with the executor. With it a super-admin's {@code acceptDataLoss} counts;
   * without it no request may lose data.
   */
  Optional<String> grantSecret();

  /** How often the executor is asked for a run that a caller waits for. */
  @WithDefault("2S")
  Duration pollInterval();
}

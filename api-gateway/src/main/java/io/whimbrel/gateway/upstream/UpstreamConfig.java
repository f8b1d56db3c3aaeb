package io.whimbrel.gateway.upstream;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;

/** Where the services behind the gateway are, and how long they may take. */
@ConfigMapping(prefix = "whimbrel.upstream")
public interface UpstreamConfig {
  /** Base URL of the migration executor; also {@code WHIMBREL_EXECUTOR_URL}. */
  @WithDefault("${whimbrel.executor.url:http://localhost:8081}")
  URI executor();

  /** Base URL of the validation service; also {@code WHIMBREL_VALIDATION_URL}. */
  @WithDefault("${whimbrel.validation.url:http://localhost:8082}")
  URI validation();

  /** Base URL of the monitoring service; also {@code WHIMBREL_MONITORING_URL}. */
  @WithDefault("${whimbrel.monitoring.url:http://localhost:8083}")
  URI monitoring();

  /** How long a connection to a service may take. */
  @WithDefault("2S")
  Duration connectTimeout();

  /** How long a service may take to answer. */
  @WithDefault("15S")
  Duration timeout();

  /** How long the executor may take to make a plan; longer than {@code whimbrel.plans.budget}. */
  @WithDefault("60S")
  Duration planTimeout();

  /** Connections to one service at a time. */
  @WithDefault("64")
  int connections();

  /** Questions to a service that are looked at to tell whether it answers. */
  @WithDefault("20")
  int breakerVolume();

  /** How many of them, from 0 to 1, make it one that does not answer. */
  @WithDefault("0.5")
  double breakerRatio();

  /** How long a service that does not answer is left alone before it is asked again. */
  @WithDefault("5S")
  Duration breakerDelay();

  default URI url(Service service) {
    return switch (service) {
      case EXECUTOR -> executor();
      case VALIDATION -> validation();
      case MONITORING -> monitoring();
    };
  }
}

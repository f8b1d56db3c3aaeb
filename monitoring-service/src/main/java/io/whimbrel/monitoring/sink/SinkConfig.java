package io.whimbrel.monitoring.sink;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.whimbrel.event.Severity;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Who is told of alerts besides Kafka, and how often it is tried. */
@ConfigMapping(prefix = "migration.alerts.sinks")
public interface SinkConfig {

  Webhook webhook();

  Mail mail();

  /** How often a sink is tried before it is given up. */
  @WithDefault("12")
  int attempts();

  /** The pause after the first failure; it doubles with each, up to an hour. */
  @WithDefault("5s")
  Duration firstPause();

  /** Alerts of a lower severity are told to nobody. */
  @WithDefault("WARNING")
  Severity from();

  /** A POST of the event's JSON. */
  interface Webhook {
    Optional<URI> url();

    /** Signs what is sent; without it the sink is refused. */
    Optional<String> secret();

    @WithDefault("10s")
    Duration timeout();
  }

  /** A mail; the server is configured by {@code quarkus.mailer.*}. */
  interface Mail {
    Optional<List<String>> to();
  }
}

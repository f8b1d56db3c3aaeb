package io.whimbrel.monitoring;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** What is collected, and how much of it is shown. */
@ConfigMapping(prefix = "migration.monitoring")
public interface MonitoringConfig {

  /**
   * Whether events are collected ({@code MIGRATION_MONITORING_ENABLED}). While false nothing is
   * consumed: no event log, no figures, no alerts and no dead letters. The events wait in Kafka and
   * are collected once this is true again, as far back as the retention of their topics reaches.
   */
  @WithDefault("true")
  boolean enabled();

  /**
   * How many targets have a label of their own in Prometheus, the first ones seen; the rest share
   * the label {@code other}.
   */
  @WithDefault("200")
  int labelledTargets();

  /** How old the figures that Prometheus reads may be. */
  @WithDefault("5s")
  Duration refresh();

  /** For how many days ahead the event log has its partitions. */
  @WithDefault("3")
  int daysAhead();

  /**
   * How long a rejected run waits for the validation that explains it, which comes by another
   * topic, before it has an alert of its own.
   */
  @WithDefault("10s")
  Duration rejectionGrace();
}

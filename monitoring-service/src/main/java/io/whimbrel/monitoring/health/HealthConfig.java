package io.whimbrel.monitoring.health;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** When migrations count as healthy, degraded or unhealthy. Rates are fractions, 0 to 1. */
@ConfigMapping(prefix = "migration.health")
public interface HealthConfig {

  Check check();

  /** The time looked back on: what ended or completed within it counts. */
  @WithDefault("1h")
  Duration window();

  /** An answer of the database that takes longer is degraded. */
  @WithDefault("1s")
  Duration slowDatabase();

  /** Kafka is unhealthy when it does not answer within this time. */
  @WithDefault("5s")
  Duration kafkaTimeout();

  /** Base URL of the management port of the migration executor, which tells of its outbox. */
  @WithConverter(HttpUrl.class)
  @WithDefault("http://localhost:9081")
  URI executorUrl();

  /** Base URL of the management port of the validation service, likewise. */
  @WithConverter(HttpUrl.class)
  @WithDefault("http://localhost:9082")
  URI validationUrl();

  /** Of a service that does not answer within this time, nothing is known. */
  @WithDefault("2s")
  Duration servicesTimeout();

  /** An event that has waited for longer to be sent to Kafka is degraded. */
  @WithDefault("1m")
  Duration outboxWait();

  /** A run that has waited for a validation for longer is degraded. */
  @WithDefault("5m")
  Duration validationWait();

  /** Ended runs that failed, of all that ended. */
  Rates failedRuns();

  /** Validations that did not pass, of all that completed. */
  Rates failedValidations();

  /** As many runs rolled back within the window are degraded; one failed rollback is unhealthy. */
  @WithDefault("1")
  int rollbacks();

  Disk disk();

  /** Directories looked at besides those of backups, metrics and alerts, and how full is full. */
  interface Disk {
    Optional<List<Path>> directories();

    /** Percent of the disk. */
    @WithDefault("15")
    int degradedBelow();

    @WithDefault("5")
    int unhealthyBelow();
  }

  /** How often. */
  interface Check {
    /** Milliseconds between two checks ({@code MIGRATION_HEALTH_CHECK_INTERVAL}). */
    @WithDefault("30000")
    long interval();
  }

  /** Two thresholds; a rate that reaches one has its status. */
  interface Rates {
    @WithDefault("0.1")
    double degraded();

    @WithDefault("0.5")
    double unhealthy();
  }
}

package io.whimbrel.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.whimbrel.event.Severity;
import io.whimbrel.monitoring.alert.AlertConfig;
import io.whimbrel.monitoring.cleanup.CleanupConfig;
import io.whimbrel.monitoring.health.HealthConfig;
import io.whimbrel.monitoring.sink.SinkConfig;
import io.whimbrel.monitoring.snapshot.SnapshotConfig;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigTest {

  @Test
  void monitoringHasItsDefaults() {
    MonitoringConfig config = mapping(MonitoringConfig.class, Map.of());

    assertThat(config.enabled()).isTrue();
    assertThat(config.labelledTargets()).isEqualTo(200);
    assertThat(config.refresh()).isEqualTo(Duration.ofSeconds(5));
    assertThat(config.daysAhead()).isEqualTo(3);
    assertThat(config.rejectionGrace()).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void healthHasItsDefaults() {
    HealthConfig config = mapping(HealthConfig.class, Map.of());

    assertThat(config.check().interval()).isEqualTo(30_000);
    assertThat(config.window()).isEqualTo(Duration.ofHours(1));
    assertThat(config.slowDatabase()).isEqualTo(Duration.ofSeconds(1));
    assertThat(config.kafkaTimeout()).isEqualTo(Duration.ofSeconds(5));
    assertThat(config.executorUrl()).isEqualTo(URI.create("http://localhost:9081"));
    assertThat(config.validationUrl()).isEqualTo(URI.create("http://localhost:9082"));
    assertThat(config.servicesTimeout()).isEqualTo(Duration.ofSeconds(2));
    assertThat(config.outboxWait()).isEqualTo(Duration.ofMinutes(1));
    assertThat(config.validationWait()).isEqualTo(Duration.ofMinutes(5));
    assertThat(config.failedRuns().degraded()).isEqualTo(0.1);
    assertThat(config.failedRuns().unhealthy()).isEqualTo(0.5);
    assertThat(config.failedValidations().degraded()).isEqualTo(0.1);
    assertThat(config.failedValidations().unhealthy()).isEqualTo(0.5);
    assertThat(config.rollbacks()).isEqualTo(1);
    assertThat(config.disk().degradedBelow()).isEqualTo(15);
    assertThat(config.disk().unhealthyBelow()).isEqualTo(5);
  }

  @ParameterizedTest
  @ValueSource(strings = {"migration-executor:9000", "/metrics", "ftp://executor", "http://a b"})
  void anAddressOfAServiceIsAUrl(String url) {
    assertThatThrownBy(
            () -> mapping(HealthConfig.class, Map.of("MIGRATION_HEALTH_EXECUTOR_URL", url)))
        .hasMessageContaining("migration.health.executor-url")
        .hasMessageContaining(url);
  }

  @Test
  void cleaningHasItsDefaults() {
    CleanupConfig config = mapping(CleanupConfig.class, Map.of());

    assertThat(config.interval()).isEqualTo(86_400_000);
    assertThat(config.retention()).isEqualTo(Duration.ofDays(365));
  }

  @Test
  void alertsHaveTheirDefaults() {
    AlertConfig config = mapping(AlertConfig.class, Map.of());
    SinkConfig sinks = mapping(SinkConfig.class, Map.of());

    assertThat(config.interval()).isEqualTo(Duration.ofSeconds(10));
    assertThat(config.off()).isEmpty();
    assertThat(config.stuckAfter()).isEqualTo(Duration.ofMinutes(15));
    assertThat(config.tooLongFactor()).isEqualTo(3);
    assertThat(config.tooLongLeast()).isEqualTo(Duration.ofMinutes(5));
    assertThat(config.predictionFactor()).isEqualTo(2);
    assertThat(config.predictionLeast()).isEqualTo(Duration.ofSeconds(10));
    assertThat(config.lockWait()).isEqualTo(Duration.ofSeconds(10));
    assertThat(config.consumerLag()).isEqualTo(10_000);
    assertThat(config.target()).isEmpty();
    assertThat(sinks.from()).isEqualTo(Severity.WARNING);
    assertThat(sinks.attempts()).isEqualTo(12);
    assertThat(sinks.firstPause()).isEqualTo(Duration.ofSeconds(5));
    assertThat(sinks.webhook().url()).isEmpty();
    assertThat(sinks.webhook().timeout()).isEqualTo(Duration.ofSeconds(10));
    assertThat(sinks.mail().to()).isEmpty();
  }

  @Test
  void theNamesUsersKnowAreTheNamesOfTheVariables() {
    Map<String, String> environment =
        Map.of(
            "MIGRATION_MONITORING_ENABLED", "false",
            "MIGRATION_HEALTH_CHECK_INTERVAL", "5000",
            "MIGRATION_CLEANUP_INTERVAL", "0",
            "MIGRATION_METRICS_DIR", "/srv/metrics",
            "MIGRATION_ALERTS_DIR", "/srv/alerts");

    assertThat(mapping(MonitoringConfig.class, environment).enabled()).isFalse();
    assertThat(mapping(HealthConfig.class, environment).check().interval()).isEqualTo(5000);
    assertThat(mapping(CleanupConfig.class, environment).interval()).isZero();
    assertThat(mapping(SnapshotConfig.class, environment).dir()).hasValue(Path.of("/srv/metrics"));
    assertThat(mapping(AlertConfig.class, environment).dir()).hasValue(Path.of("/srv/alerts"));
  }

  private static <T> T mapping(Class<T> type, Map<String, String> environment) {
    return new SmallRyeConfigBuilder()
        .withSources(new EnvConfigSource(environment, 300))
        .withConverter(Duration.class, 200, new DurationConverter())
        .withMapping(type)
        .build()
        .getConfigMapping(type);
  }
}

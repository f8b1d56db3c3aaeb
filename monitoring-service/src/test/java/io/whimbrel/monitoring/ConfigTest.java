package io.whimbrel.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.whimbrel.monitoring.health.HealthConfig;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

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
    assertThat(config.validationWait()).isEqualTo(Duration.ofMinutes(5));
    assertThat(config.failedRuns().degraded()).isEqualTo(0.1);
    assertThat(config.failedRuns().unhealthy()).isEqualTo(0.5);
    assertThat(config.failedValidations().degraded()).isEqualTo(0.1);
    assertThat(config.failedValidations().unhealthy()).isEqualTo(0.5);
    assertThat(config.rollbacks()).isEqualTo(1);
  }

  @Test
  void theNamesUsersKnowAreTheNamesOfTheVariables() {
    Map<String, String> environment =
        Map.of("MIGRATION_MONITORING_ENABLED", "false", "MIGRATION_HEALTH_CHECK_INTERVAL", "5000");

    assertThat(mapping(MonitoringConfig.class, environment).enabled()).isFalse();
    assertThat(mapping(HealthConfig.class, environment).check().interval()).isEqualTo(5000);
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

package io.whimbrel.monitoring.health;

import static io.whimbrel.monitoring.health.HealthStatus.DEGRADED;
import static io.whimbrel.monitoring.health.HealthStatus.HEALTHY;
import static io.whimbrel.monitoring.health.HealthStatus.UNHEALTHY;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HealthRulesTest {
  private final HealthRules rules =
      new HealthRules(
          new SmallRyeConfigBuilder()
              .withConverter(Duration.class, 200, new DurationConverter())
              .withMapping(HealthConfig.class)
              .build()
              .getConfigMapping(HealthConfig.class));

  @Test
  void nothingThatHappenedIsHealthy() {
    assertThat(rules.past(past(0, 0, 0, 0, 0, 0, 0)))
        .extracting(Verdict::status)
        .containsOnly(HEALTHY);
  }

  @Test
  void migrationsAreJudgedByTheRateOfFailures() {
    assertThat(migrations(past(100, 9, 0, 0, 0, 0, 0))).isEqualTo(HEALTHY);
    assertThat(migrations(past(100, 10, 0, 0, 0, 0, 0))).isEqualTo(DEGRADED);
    assertThat(migrations(past(100, 50, 0, 0, 0, 0, 0))).isEqualTo(UNHEALTHY);
  }

  @Test
  void validationsAreJudgedByTheRateOfFailuresAndByWaitingRuns() {
    assertThat(validation(past(0, 0, 0, 0, 10, 1, 0))).isEqualTo(DEGRADED);
    assertThat(validation(past(0, 0, 0, 0, 10, 6, 1))).isEqualTo(UNHEALTHY);
    assertThat(validation(past(0, 0, 0, 0, 10, 0, 1))).isEqualTo(DEGRADED);
  }

  @Test
  void aFailedRollbackIsUnhealthy() {
    assertThat(rollback(past(5, 1, 1, 0, 0, 0, 0))).isEqualTo(DEGRADED);
    assertThat(rollback(past(5, 1, 1, 1, 0, 0, 0))).isEqualTo(UNHEALTHY);
  }

  @Test
  void theDatabaseIsJudgedByItsAnswer() {
    assertThat(rules.database(Optional.of(Duration.ofMillis(3))).status()).isEqualTo(HEALTHY);
    assertThat(rules.database(Optional.of(Duration.ofSeconds(2))).status()).isEqualTo(DEGRADED);
    assertThat(rules.database(Optional.empty()).status()).isEqualTo(UNHEALTHY);
  }

  @Test
  void kafkaIsJudgedByItsAnswerAndByTheEventsThatWaitForIt() {
    Map<String, Duration> none = Map.of("migration-executor", Duration.ofMinutes(1));
    Map<String, Duration> late = Map.of("migration-executor", Duration.ofMillis(60_001));

    assertThat(rules.kafka(true, none).status()).isEqualTo(HEALTHY);
    assertThat(rules.kafka(true, Map.of()).status()).isEqualTo(HEALTHY);
    assertThat(rules.kafka(false, none).status()).isEqualTo(UNHEALTHY);
    assertThat(rules.kafka(true, late).status()).isEqualTo(DEGRADED);
    assertThat(rules.kafka(true, late).reason())
        .isEqualTo("Kafka answers, but events wait to be sent: of migration-executor for 60 s.");
  }

  @Test
  void reasonsAreSentences() {
    assertThat(rules.past(past(4, 1, 0, 0, 0, 0, 2)))
        .extracting(Verdict::reason)
        .containsExactly(
            "1 of 4 runs failed in the last 1h.",
            "2 runs have waited for a validation for more than 5m.",
            "No run was rolled back in the last 1h.");
  }

  private HealthStatus migrations(RecentPast past) {
    return rules.past(past).get(0).status();
  }

  private HealthStatus validation(RecentPast past) {
    return rules.past(past).get(1).status();
  }

  private HealthStatus rollback(RecentPast past) {
    return rules.past(past).get(2).status();
  }

  private static RecentPast past(
      long ended,
      long failed,
      long rolledBack,
      long rollbacksFailed,
      long validations,
      long validationsFailed,
      long waiting) {
    return new RecentPast(
        ended, failed, rolledBack, rollbacksFailed, validations, validationsFailed, waiting);
  }
}

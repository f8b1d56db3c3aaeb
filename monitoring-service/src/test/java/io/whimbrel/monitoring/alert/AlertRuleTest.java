package io.whimbrel.monitoring.alert;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.whimbrel.event.Event;
import io.whimbrel.event.MigrationProgress;
import io.whimbrel.event.MigrationProgress.Applied;
import io.whimbrel.event.MigrationProgress.Drift;
import io.whimbrel.event.MigrationProgress.Drifted;
import io.whimbrel.event.MigrationProgress.Prediction;
import io.whimbrel.event.Phase;
import io.whimbrel.event.RunError;
import io.whimbrel.event.RunStateName;
import io.whimbrel.event.Severity;
import io.whimbrel.monitoring.Runs;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AlertRuleTest {
  private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");
  private static final Thresholds THRESHOLDS =
      new Thresholds(
          new SmallRyeConfigBuilder()
              .withSources(
                  new PropertiesConfigSource(
                      Map.of("migration.alerts.target.slow.prediction-factor", "5"), "test", 300))
              .withConverter(Duration.class, 200, new DurationConverter())
              .withMapping(AlertConfig.class)
              .build()
              .getConfigMapping(AlertConfig.class));
  private static final UUID RUN = UUID.fromString("0b9ad1f4-6f3e-4f0c-9c64-3a1d5a1f0001");

  @Test
  void aRunThatEndedWellRaisesNothing() {
    for (RunStateName state : RunStateName.values()) {
      boolean badly =
          List.of(RunStateName.FAILED, RunStateName.ROLLED_BACK, RunStateName.ROLLBACK_FAILED)
              .contains(state);
      assertThat(raised(Runs.progress(RUN, "orders", 3, state, NOON))).hasSize(badly ? 1 : 0);
    }
  }

  @Test
  void aFailureNamesThePlaceAndNeverWhatPostgresqlQuoted() {
    RunError error =
        new RunError(
            "duplicate key value: Key (email)=(ada@example.org)",
            "23505",
            "V2__users.sql",
            14,
            3,
            List.of("pid 4711, pg_dump, for 312 s"));

    Alert alert = raised(Runs.progress(RUN, "orders", 3, RunStateName.FAILED, NOON, error)).get(0);

    assertThat(alert.kind()).isEqualTo(AlertKind.RUN_FAILED);
    assertThat(alert.severity()).isEqualTo(Severity.ERROR);
    assertThat(alert.deduplicationKey()).isEqualTo("run-failed:" + RUN);
    assertThat(alert.detail())
        .startsWith(
            "The run stopped in V2__users.sql, statement 3, line 14, with SQLSTATE 23505, while it"
                + " waited for pid 4711, pg_dump, for 312 s. ")
        .doesNotContain("ada@example.org");
  }

  @Test
  void whatWhimbrelSaidItselfIsPassedOn() {
    RunError error = RunError.of("There is no space left\nfor the backup.");

    Alert alert = raised(Runs.progress(RUN, "orders", 3, RunStateName.FAILED, NOON, error)).get(0);

    assertThat(alert.detail())
        .startsWith("The run stopped saying: There is no space left for the backup. Scripts");
  }

  @Test
  void aFailedRollbackIsCritical() {
    Alert alert =
        raised(Runs.progress(RUN, "orders", 3, RunStateName.ROLLBACK_FAILED, NOON)).get(0);

    assertThat(alert.severity()).isEqualTo(Severity.CRITICAL);
  }

  @Test
  void aRollbackThatStoppedAsksForADecisionInstead() {
    Event stopped =
        Runs.step(
            RUN,
            "orders",
            3,
            RunStateName.ROLLBACK_FAILED,
            MigrationProgress.DECISION_NEEDED,
            NOON);

    Alert alert = raised(stopped).get(0);
    assertThat(raised(stopped)).hasSize(1);
    assertThat(alert.kind()).isEqualTo(AlertKind.DECISION_NEEDED);
    assertThat(alert.severity()).isEqualTo(Severity.CRITICAL);
    assertThat(alert.detail()).contains("rollback.options");
  }

  @Test
  void aFailedValidationIsAWarningBeforeAndAnErrorAfter() {
    Alert before = raised(Runs.validated(RUN, "orders", Phase.BEFORE, false)).get(0);
    Alert after = raised(Runs.validated(RUN, "orders", Phase.AFTER, false)).get(0);

    assertThat(before.severity()).isEqualTo(Severity.WARNING);
    assertThat(before.detail())
        .startsWith("It has 1 finding, among them orphaned_records in public.orders. Nothing was");
    assertThat(after.severity()).isEqualTo(Severity.ERROR);
    assertThat(after.alertId()).isNotEqualTo(before.alertId());
  }

  @Test
  void aPassedValidationRaisesNothing() {
    assertThat(raised(Runs.validated(RUN, "orders", Phase.AFTER, true))).isEmpty();
  }

  @Test
  void oneCauseHasOneId() {
    Event failed = Runs.progress(RUN, "orders", 3, RunStateName.FAILED, NOON);

    assertThat(raised(failed)).isEqualTo(raised(failed));
    assertThat(raised(failed).get(0).eventId()).isEqualTo(raised(failed).get(0).eventId());
  }

  @Test
  void aMigrationFarBeyondItsPredictedRangeIsAPredictionThatWasOff() {
    Prediction predicted = new Prediction(6_000, 4_000, 8_000);

    assertThat(raised(applied("orders", 16_000, predicted))).as("twice as long").isEmpty();
    assertThat(raised(applied("orders", 600_000, null))).as("not predicted").isEmpty();
    assertThat(raised(applied("orders", 9_000, new Prediction(1, 1, 1)))).as("brief").isEmpty();
    assertThat(raised(applied("slow", 39_000, predicted))).as("a factor of its own").isEmpty();
    assertThat(raised(applied("slow", 41_000, predicted))).hasSize(1);

    Alert alert = raised(applied("orders", 16_001, predicted)).get(0);
    assertThat(alert.kind()).isEqualTo(AlertKind.PREDICTION_OFF);
    assertThat(alert.severity()).isEqualTo(Severity.WARNING);
    assertThat(alert.deduplicationKey()).isEqualTo("prediction-off:" + RUN);
    assertThat(alert.detail())
        .startsWith("V2__b.sql took 16.0 s, and was predicted to take at most 8.0 s. Look at");
  }

  @Test
  void aTargetThatIsNotWhatItsHistoryMakesOfItHasDrifted() {
    assertThat(raised(Runs.planned(RUN, "orders", 2, new Drift(0, List.of()), NOON))).isEmpty();

    Drift drift =
        new Drift(
            4,
            List.of(
                new Drifted("INDEX", "public.by_hand", null),
                new Drifted("COLUMN", "public.orders.total", "type")));
    Alert alert = raised(Runs.planned(RUN, "orders", 2, drift, NOON)).get(0);
    Alert other = raised(Runs.planned(UUID.randomUUID(), "orders", 2, drift, NOON)).get(0);

    assertThat(alert.kind()).isEqualTo(AlertKind.DRIFT);
    assertThat(alert.deduplicationKey())
        .isEqualTo("drift:orders")
        .isEqualTo(other.deduplicationKey());
    assertThat(alert.detail())
        .startsWith(
            "4 objects or parts of them differ, among them index public.by_hand, column"
                + " public.orders.total (type). Somebody");
  }

  private static Event applied(String target, long durationMs, @Nullable Prediction predicted) {
    return Runs.completed(
        RUN,
        target,
        9,
        List.of(
            new Applied("V1__a.sql", 1, 0L, 0L, null, null, null),
            new Applied("V2__b.sql", durationMs, 3L, 0L, null, predicted, null)),
        NOON);
  }

  private static List<Alert> raised(Event event) {
    return AlertRule.all(THRESHOLDS).stream()
        .flatMap(rule -> rule.examine(event, NOON).stream())
        .toList();
  }
}

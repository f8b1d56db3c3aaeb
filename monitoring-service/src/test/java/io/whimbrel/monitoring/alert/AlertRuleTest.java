package io.whimbrel.monitoring.alert;

import static org.assertj.core.api.Assertions.assertThat;

import io.whimbrel.event.Event;
import io.whimbrel.event.MigrationProgress;
import io.whimbrel.event.Phase;
import io.whimbrel.event.RunError;
import io.whimbrel.event.RunStateName;
import io.whimbrel.event.Severity;
import io.whimbrel.monitoring.Runs;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class AlertRuleTest {
  private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");
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

  private static List<Alert> raised(Event event) {
    return AlertRule.ALL.stream().flatMap(rule -> rule.examine(event, NOON).stream()).toList();
  }
}

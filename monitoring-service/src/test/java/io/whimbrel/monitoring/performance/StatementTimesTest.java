package io.whimbrel.monitoring.performance;

import static org.assertj.core.api.Assertions.assertThat;

import io.whimbrel.event.MigrationProgress;
import io.whimbrel.event.MigrationProgress.Applied;
import io.whimbrel.event.MigrationProgress.AppliedStatement;
import io.whimbrel.event.Operation;
import io.whimbrel.event.RunStateName;
import io.whimbrel.monitoring.Runs;
import io.whimbrel.monitoring.performance.StatementTimes.StatementTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StatementTimesTest {
  private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");

  @Test
  void aStatementLastsUntilSomethingElseIsTold() {
    List<MigrationProgress> events = new ArrayList<>();
    events.add(event(1, null, null, 0));
    events.add(event(2, "V1__a.sql", 1, 10));
    events.add(event(3, "V1__a.sql", 1, 40));
    events.add(event(4, "V1__a.sql", 2, 50));
    events.add(event(5, "V2__b.sql", 1, 70));
    events.add(event(6, null, null, 100));
    Collections.reverse(events);

    assertThat(StatementTimes.of(events, List.of()))
        .containsExactly(
            new StatementTime("V1__a.sql", 1, 2, 40, null, null, null, null),
            new StatementTime("V1__a.sql", 2, 2, 20, null, null, null, null),
            new StatementTime("V2__b.sql", 1, 2, 30, null, null, null, null));
  }

  @Test
  void whatTheRunTellsItselfIsMoreExactThanItsProgress() {
    List<MigrationProgress> events =
        List.of(
            event(1, "V1__a.sql", 2, 10), event(2, "V3__c.sql", 1, 50), event(3, null, null, 60));
    List<Applied> applied =
        List.of(
            applied(
                "V1__a.sql",
                new AppliedStatement(1, 2, true, 3, null),
                new AppliedStatement(2, 31, false, 4, 900L)),
            applied("V2__b.sql", new AppliedStatement(1, 0, false, 0, null)),
            new Applied("V3__c.sql", 10, null, null, null, null, null));

    assertThat(StatementTimes.of(events, applied))
        .containsExactly(
            new StatementTime("V1__a.sql", 1, null, 2, true, null, 3L, null),
            new StatementTime("V1__a.sql", 2, 2, 31, false, null, 4L, 900L),
            new StatementTime("V2__b.sql", 1, null, 0, false, null, 0L, null),
            new StatementTime("V3__c.sql", 1, 2, 10, null, null, null, null));
  }

  @Test
  void aWaitForALockLastsUntilTheNextWord() {
    Instant noon = Instant.parse("2026-06-01T12:00:00Z");
    UUID run = UUID.randomUUID();
    List<MigrationProgress> events =
        List.of(
            Runs.step(run, "orders", 3, RunStateName.APPLYING, "LOCK_WAIT", noon.plusMillis(900)),
            Runs.step(run, "orders", 1, RunStateName.APPLYING, "APPLY", noon),
            Runs.step(run, "orders", 2, RunStateName.APPLYING, "LOCK_WAIT", noon.plusMillis(400)),
            Runs.step(run, "orders", 4, RunStateName.APPLYING, "APPLY", noon.plusMillis(1_000)),
            Runs.step(run, "orders", 5, RunStateName.COMPLETED, "x", noon.plusMillis(5_000)));
    assertThat(StatementTimes.lockWaitMs(events)).isEqualTo(600);
    assertThat(StatementTimes.lockWaitMs(List.of())).isZero();
  }

  @Test
  void whatTellsOfNoStatementHasNoTimes() {
    assertThat(StatementTimes.of(List.of(event(1, null, null, 0)), List.of())).isEmpty();
  }

  private static Applied applied(String migration, AppliedStatement... statements) {
    return new Applied(migration, 40, 7L, 0L, null, null, List.of(statements));
  }

  private static MigrationProgress event(
      long sequence, @Nullable String migration, @Nullable Integer statement, long millis) {
    return new MigrationProgress(
        UUID.nameUUIDFromBytes(new byte[0]),
        sequence,
        RunStateName.APPLYING,
        Operation.EXECUTE,
        "orders",
        null,
        migration,
        null,
        statement,
        statement == null ? null : 2,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        NOON.plusMillis(millis));
  }
}

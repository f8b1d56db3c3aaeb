package io.whimbrel.executor.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.test.junit.QuarkusTest;
import io.whimbrel.event.BackupCheck;
import io.whimbrel.event.BackupScope;
import io.whimbrel.executor.ExecutorIntegration;
import io.whimbrel.executor.run.BackupRecord.Purpose;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@QuarkusTest
@ExecutorIntegration
class BackupRecordsIT {
  @Inject BackupRecords records;
  @Inject RollbackQueries rollbacks;
  @Inject RunRepository runs;
  @Inject DataSource control;

  private final String target = "t-" + UUID.randomUUID();

  @Test
  void whatIsTooOldOrOneTooManyExpiresButNeverTheLastVerified() throws SQLException {
    UUID oldest = backup("COMPLETED", 40);
    UUID verified = backup("COMPLETED", 30);
    UUID corrupt = backup("COMPLETED", 20);
    records.checked(
        corrupt, BackupCheck.READ, "CHANGED: 1.copy.zst is not the file that was written");

    assertThat(expired(Duration.ofDays(35), null)).containsExactly(oldest);
    assertThat(expired(Duration.ofDays(10), null)).containsExactly(corrupt);
    assertThat(expired(Duration.ofDays(1), 0)).isEmpty();

    backup("COMPLETED", 0);
    assertThat(expired(null, 1)).containsExactly(verified);
    assertThat(records.find(verified).orElseThrow().deletedAt()).isNotNull();
  }

  @Test
  void whatAnUnfinishedRunNeedsStays() throws SQLException {
    UUID ended = backup("COMPLETED", 50);
    UUID takenBack = backup("COMPLETED", 40);
    sql(
        "insert into run (run_id, operation, target, state, active, request, source, may_lose_data,"
            + " requested_at, plan) values (gen_random_uuid(), 'ROLLBACK', '%s', 'BACKING_UP',"
                .formatted(target)
            + " true, '{}', 'test', false, now(), jsonb_build_object('backupOf', '%s'))"
                .formatted(records.find(takenBack).orElseThrow().runId()));
    UUID waiting = backup("REQUESTED", 30);
    backup("COMPLETED", 0);

    assertThat(expired(Duration.ofDays(1), 1)).containsExactly(ended);
    assertThat(records.list(target, 10))
        .filteredOn(backup -> backup.deletedAt() == null)
        .extracting(BackupRecord::backupId)
        .contains(takenBack, waiting);
  }

  @Test
  void aListGoesOnBehindABackup() throws SQLException {
    UUID oldest = backup("COMPLETED", 30);
    UUID middle = backup("COMPLETED", 20);
    UUID newest = backup("COMPLETED", 10);

    assertThat(records.list(target, null, 2))
        .extracting(BackupRecord::backupId)
        .containsExactly(newest, middle);
    assertThat(records.list(target, middle, 2))
        .extracting(BackupRecord::backupId)
        .containsExactly(oldest);
  }

  @Test
  void anAttemptThatBeginsAnewReplacesItsBackup() throws SQLException {
    UUID first = backup("COMPLETED", 1);
    BackupRecord known = records.find(first).orElseThrow();
    taken(known.runId(), known.directory());
    assertThat(records.list(target, 10)).hasSize(1).noneMatch(b -> b.backupId().equals(first));
    taken(known.runId(), known.directory() + "-2");
    assertThat(records.list(target, 10))
        .filteredOn(backup -> backup.deletedAt() == null)
        .extracting(BackupRecord::directory)
        .containsExactly(known.directory() + "-2");
  }

  @Test
  void anAttemptThatWasTakenForDeadReplacesNothing() throws SQLException {
    BackupRecord known = records.find(backup("COMPLETED", 1)).orElseThrow();
    Claim claim = claim(known.runId());
    Claim former = new Claim(claim.run(), target, claim.token() - 1, claim.state());
    assertThatThrownBy(() -> records.taken(former, Purpose.BEFORE_RUN, reference("stale")))
        .isInstanceOf(StaleClaim.class);
    assertThat(records.list(target, 10)).containsExactly(known);
  }

  @Test
  void onlyPlacesOfEndedRunsWithoutABackupAreNotNeeded() throws SQLException {
    String kept = records.find(backup("COMPLETED", 1)).orElseThrow().directory();
    UUID failed = run("FAILED", ", operation", ", 'EXECUTE'");
    UUID going = run("REQUESTED", ", operation", ", 'EXECUTE'");
    String left = target + "/" + failed + "-7";
    String anotherTarget = "t-" + UUID.randomUUID() + "/" + failed + "-7";
    String unknown = target + "/" + UUID.randomUUID();
    String atWork = target + "/" + going + "-before-rollback-9";
    List<String> all = List.of(kept, kept + "-1", left, anotherTarget, unknown, atWork);

    assertThat(records.unneeded(all, null)).containsExactlyInAnyOrder(kept + "-1", left);
    assertThat(records.unneeded(all, going)).containsExactlyInAnyOrder(kept + "-1", left, atWork);
  }

  @Test
  void rollbacksAreCounted() throws SQLException {
    run("ROLLED_BACK", ", rollback, operation", ", '{\"strategy\": \"UNDO\"}', 'ROLLBACK'");
    run("ROLLED_BACK", ", rollback, operation", ", '{\"strategy\": \"RESTORE\"}', 'EXECUTE'");
    run("ROLLBACK_FAILED", ", rollback, operation", ", '{\"strategy\": \"STOP\"}', 'ROLLBACK'");
    run("COMPLETED", ", operation", ", 'EXECUTE'");

    RollbackStatistics statistics = rollbacks.statistics(target);

    assertThat(statistics.total()).isEqualTo(3);
    assertThat(statistics.failed()).isEqualTo(1);
    assertThat(statistics.successRate()).isEqualTo(2.0 / 3);
    assertThat(statistics.strategies())
        .containsOnly(Map.entry("UNDO", 1L), Map.entry("RESTORE", 1L), Map.entry("STOP", 1L));
    assertThat(statistics.causes())
        .containsOnly(Map.entry("REQUESTED", 2L), Map.entry("SCRIPT_FAILED", 1L));
    assertThat(rollbacks.statistics("no-such-target").successRate()).isNull();
  }

  private List<UUID> expired(@Nullable Duration age, @Nullable Integer count) {
    return records.expire(age, count).stream()
        .filter(backup -> backup.target().equals(target))
        .map(BackupRecord::backupId)
        .toList();
  }

  private void taken(UUID run, String directory) {
    records.taken(claim(run), Purpose.BEFORE_RUN, reference(directory));
  }

  private Claim claim(UUID id) {
    Run run = runs.find(id).orElseThrow();
    return new Claim(id, target, run.token(), run.state());
  }

  /** A verified backup of a run in this state, taken that many days ago. */
  private UUID backup(String state, int days) throws SQLException {
    UUID run = run(state, ", operation", ", 'EXECUTE'");
    String directory = target + "/" + run;
    taken(run, directory);
    sql(
        "update backup set taken_at = now() - interval '%d days' where directory = '%s'"
            .formatted(days, directory));
    return records.list(target, 10).stream()
        .filter(backup -> backup.runId().equals(run))
        .findFirst()
        .orElseThrow()
        .backupId();
  }

  private UUID run(String state, String columns, String values) throws SQLException {
    UUID id = UUID.randomUUID();
    sql(
        """
        insert into run (run_id, target, state, active, request, source, may_lose_data,
          requested_at, finished_at%s)
        values ('%s', '%s', '%s', false, '%s', 'test', false, now(), %s%s)
        """
            .formatted(
                columns,
                id,
                target,
                state,
                REQUEST.formatted(id, target),
                state.equals("REQUESTED") ? "null" : "now()",
                values));
    return id;
  }

  private static final String REQUEST =
      """
      {"runId": "%s", "operation": "EXECUTE", "target": "%s"}\
      """;

  private static BackupReference reference(String directory) {
    return new BackupReference(
        BackupReference.Status.VERIFIED,
        directory,
        "00",
        1,
        2,
        3,
        4L,
        null,
        BackupScope.TOUCHED,
        BackupCheck.READ);
  }

  private void sql(String statement) throws SQLException {
    try (Connection connection = control.getConnection();
        Statement executing = connection.createStatement()) {
      executing.execute(statement);
    }
  }
}

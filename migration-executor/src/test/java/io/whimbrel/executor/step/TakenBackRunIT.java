package io.whimbrel.executor.step;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import io.whimbrel.event.MigrationRequested;
import io.whimbrel.event.Operation;
import io.whimbrel.event.RollbackStrategy;
import io.whimbrel.event.RunOptions;
import io.whimbrel.event.RunStateName;
import io.whimbrel.executor.ExecutorIntegration;
import io.whimbrel.executor.apply.TestTarget;
import io.whimbrel.executor.run.RollbackOutcome;
import io.whimbrel.executor.run.Run;
import io.whimbrel.executor.run.RunLifecycle;
import io.whimbrel.executor.run.RunMigrations;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that are taken back by request: by which way, and what is to be seen of it afterwards. */
@QuarkusTest
@ExecutorIntegration
class TakenBackRunIT {
  private static final RunOptions BACKED_UP =
      new RunOptions(false, false, true, true, false, false, false);
  private static final RunOptions NOT_BACKED_UP =
      new RunOptions(false, false, false, true, false, false, false);
  private static final String HISTORY =
      "select string_agg(type || ' ' || script, ', ' order by installed_rank)"
          + " from flyway_schema_history where installed_rank > 1";
  private static final String COLUMNS =
      "select string_agg(column_name, ' ' order by ordinal_position)"
          + " from information_schema.columns where table_name = 'users'";

  @TempDir Path directory;
  @Inject RunLifecycle lifecycle;
  @Inject RunMigrations migrations;

  private TestTarget target;

  @BeforeEach
  void create() throws SQLException {
    target = new TestTarget(directory);
    target.asSuperuser("alter role migrator createdb");
    target.execute("create table users (id int primary key); insert into users values (1), (2)");
    target.file("V2__note.sql", "alter table users add note text default 'n';");
    target.file("V3__more.sql", "create index users_note on users (note);");
  }

  @AfterEach
  void asOtherTestsExpect() {
    target.asSuperuser("alter role migrator nocreatedb");
  }

  @Test
  void aProvenInverseTakesBackWhatHasNoUndoScript() throws Exception {
    target.file("U3__more.sql", "drop index users_note;");
    WholeRun applied = completed(BACKED_UP, "derivedUndo: true");
    target.execute("insert into users values (3, 'of others')");

    Run rollback = takenBack(applied, BACKED_UP);

    assertThat(rollback.state()).isEqualTo(RunStateName.ROLLED_BACK);
    assertThat(outcome(rollback).strategy()).isEqualTo("UNDO");
    assertThat(outcome(rollback).why())
        .contains("V2__note.sql has no undo script, but the inverse that its plan derived")
        .contains("every other applied script has an undo script");
    assertThat(target.value(COLUMNS)).isEqualTo("id");
    assertThat(target.value("select count(*) from users")).isEqualTo("3");
    assertThat(target.value(HISTORY))
        .isEqualTo("SQL V2__note.sql, SQL V3__more.sql, DELETE U3__more.sql, DELETE V2__note.sql");
    assertThat(states(rollback.id())).containsExactly("V3__more.sql UNDONE", "V2__note.sql UNDONE");
    assertThat(states(applied.id())).containsExactly("V2__note.sql UNDONE", "V3__more.sql UNDONE");
    // Flyway takes both as taken back, and brings them again.
    assertThat(target.flyway().migrate().migrationsExecuted).isEqualTo(2);
  }

  @Test
  void withoutTheWordOfTheTargetTheBackupIsRestored() throws Exception {
    WholeRun applied = completed(BACKED_UP, "");

    Run rollback = takenBack(applied, BACKED_UP);

    assertThat(rollback.state()).isEqualTo(RunStateName.ROLLED_BACK);
    assertThat(outcome(rollback).strategy()).isEqualTo("RESTORE");
    assertThat(target.value(COLUMNS)).isEqualTo("id");
    assertThat(states(rollback.id())).containsExactly("V3__more.sql UNDONE", "V2__note.sql UNDONE");
    assertThat(states(applied.id())).containsExactly("V2__note.sql UNDONE", "V3__more.sql UNDONE");
  }

  /** The role that applies it then sees no row of its own table, and cannot back it up any more. */
  @Test
  void rowSecurityThatAScriptForcesIsTakenBack() throws Exception {
    target.file(
        "V2__note.sql",
        "alter table users add note text default 'n', enable row level security,"
            + " force row level security;");
    WholeRun applied = completed(BACKED_UP, "");

    Run refused = takenBack(applied, BACKED_UP);
    assertThat(Objects.requireNonNull(refused.error()).message())
        .contains("row security may hide rows of public.users", "BYPASSRLS");

    Run rollback = takenBack(applied, NOT_BACKED_UP);
    assertThat(rollback.state()).as("" + rollback.error()).isEqualTo(RunStateName.ROLLED_BACK);
    assertThat(target.value(COLUMNS)).isEqualTo("id");
    assertThat(target.value("select count(*) from users")).isEqualTo("2");
    assertThat(target.value("select relforcerowsecurity from pg_class where relname = 'users'"))
        .isEqualTo("f");
  }

  @Test
  void anInverseThatDoesNotFitAnyMoreIsReplacedByARestore() throws Exception {
    WholeRun applied = completed(BACKED_UP, "derivedUndo: true");
    target.execute("alter index users_note rename to renamed");

    Run rollback = takenBack(applied, BACKED_UP);

    assertThat(rollback.state()).isEqualTo(RunStateName.ROLLED_BACK);
    assertThat(target.value(COLUMNS)).isEqualTo("id");
    assertThat(target.value("select count(*) from users")).isEqualTo("2");
  }

  @Test
  void whatWasTakenBackBeforeAnUndoFailedIsToBeSeen() throws Exception {
    target.file("U3__more.sql", "drop index users_note;");
    target.file("U2__note.sql", "alter table users drop column not_there;");
    WholeRun applied = completed(NOT_BACKED_UP, "");

    Run rollback = takenBack(applied, NOT_BACKED_UP);

    assertThat(rollback.state()).isEqualTo(RunStateName.ROLLBACK_FAILED);
    assertThat(Objects.requireNonNull(rollback.error()).message())
        .contains("U2__note.sql", "not_there");
    assertThat(states(rollback.id())).containsExactly("V3__more.sql UNDONE", "V2__note.sql FAILED");
    assertThat(states(applied.id())).containsExactly("V2__note.sql APPLIED", "V3__more.sql UNDONE");

    target.file("U2__note.sql", "alter table users drop column note;");
    Run again = takenBack(applied, NOT_BACKED_UP);
    assertThat(again.state()).isEqualTo(RunStateName.ROLLED_BACK);
    assertThat(states(again.id())).containsExactly("V2__note.sql UNDONE");
    assertThat(target.value(COLUMNS)).isEqualTo("id");
  }

  private WholeRun completed(RunOptions options, String policy) throws Exception {
    WholeRun run = WholeRun.on(target, options, policy);
    Run ended = run.until(now -> false);
    assertThat(ended.state()).as(String.valueOf(ended.error())).isEqualTo(RunStateName.COMPLETED);
    return run;
  }

  private Run takenBack(WholeRun applied, RunOptions options) {
    UUID id = UUID.randomUUID();
    lifecycle.request(
        new MigrationRequested(
            id,
            Operation.ROLLBACK,
            applied.now().target(),
            null,
            null,
            null,
            applied.id(),
            RollbackStrategy.AUTO,
            options,
            "tester",
            null,
            null),
        "test",
        false,
        Instant.now());
    return new WholeRun(id, target).until(now -> false);
  }

  private static RollbackOutcome outcome(Run rollback) {
    return Objects.requireNonNull(rollback.rollback());
  }

  private List<String> states(UUID run) {
    return migrations.of(run).stream()
        .map(migration -> migration.script() + " " + migration.state())
        .toList();
  }
}

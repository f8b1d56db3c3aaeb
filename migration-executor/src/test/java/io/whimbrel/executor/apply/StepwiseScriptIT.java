package io.whimbrel.executor.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.whimbrel.executor.catalog.Refusal;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StepwiseScriptIT {

  @TempDir Path directory;
  private TestTarget target;

  @BeforeEach
  void freshTarget() throws SQLException {
    target = new TestTarget(directory).adopted();
    target.execute("create table users (id int, name text); insert into users values (1, 'a')");
  }

  @Test
  void statementsThatNeedNoTransactionRunOneByOne() throws Exception {
    target.file(
        "V2__i.sql",
        """
        -- whimbrel:verify select indisvalid from pg_index where indexrelid = 'i'::regclass
        create index concurrently i on users (id);
        alter table users add column x int;
        vacuum users;
        drop index concurrently if exists nothing;
        """);
    target.file("V2__i.sql.conf", "executeInTransaction=false");

    assertThat(target.apply("2")).isInstanceOf(ApplyResult.Applied.class);
    assertThat(target.value("select count(*) from whimbrel.checkpoint")).isEqualTo("0");
    assertThat(target.flyway().validateWithResult().validationSuccessful).isTrue();
    assertThat(target.flyway().info().pending()).isEmpty();
    assertThat(target.apply("2")).isInstanceOf(ApplyResult.AlreadyApplied.class);
  }

  @Test
  void afterAFailureTheSameScriptGoesOnWhereItStopped() throws Exception {
    target.file(
        "V2__i.sql",
        "insert into users values (2, 'b');\nvacuum users;\nselect 1 / (count(*) - 2) from users");
    target.file("V2__i.sql.conf", "executeInTransaction=false");

    ApplyFailure failure = TransactionalScriptIT.failure(target.apply("2"));
    assertThat(failure.statement()).isEqualTo(3);
    assertThat(target.value("select statement from whimbrel.checkpoint")).isEqualTo("2");

    target.execute("insert into users values (3, 'c')");
    assertThat(target.apply("2")).isInstanceOf(ApplyResult.Applied.class);
    assertThat(target.value("select count(*) from users where id = 2")).isEqualTo("1");
  }

  @Test
  void anIndexThatCannotBeBuiltLeavesNothingBehind() throws Exception {
    target.execute("insert into users values (1, 'again')");
    target.file("V2__i.sql", "create unique index concurrently i on users (id)");

    assertThat(TransactionalScriptIT.failure(target.apply("2")).sqlState()).isEqualTo("23505");
    assertThat(target.value("select to_regclass('i')")).isNull();
  }

  @Test
  void anInvalidIndexThatWasLeftBehindIsBuiltAgain() throws Exception {
    target.file("V2__i.sql", "create index concurrently if not exists i on users (id)");
    CompletableFuture<List<Blocker>> seen = new CompletableFuture<>();
    try (Connection old = target.stranger("reporting")) {
      old.setAutoCommit(false);
      Sql.execute(old, "insert into users values (9, 'open')");
      CompletableFuture<ApplyResult> run = start("2", seen);
      assertThat(seen.get()).extracting(Blocker::application).contains("reporting");
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> target.value("select to_regclass('i')") != null);
      target.execute(
          "select pg_terminate_backend(pid) from pg_stat_activity where query like 'create index%'"
              + " and application_name like 'whimbrel:%'");
      assertThatThrownBy(run::get).hasCauseInstanceOf(TargetLost.class);
    }
    assertThat(target.value("select indisvalid from pg_index where indexrelid = 'i'::regclass"))
        .isEqualTo("f");
    assertThat(target.value("select started from whimbrel.checkpoint")).isEqualTo("t");

    assertThat(target.apply("2")).isInstanceOf(ApplyResult.Applied.class);
    assertThat(target.value("select indisvalid from pg_index where indexrelid = 'i'::regclass"))
        .isEqualTo("t");
  }

  @Test
  void whatHadSucceededBeforeItsCheckpointIsNotRepeated() throws Exception {
    target.file("V2__i.sql", "create index concurrently i on users (id);\nvacuum users");
    target.apply(target.script("2"), ApplyListener.SILENT, InTransaction.NOTHING);
    // As if the process had died between the index and its checkpoint.
    target.execute(
        "delete from flyway_schema_history where version = '2'; insert into whimbrel.checkpoint"
            + " (script, checksum, statement, started) values ('V2__i.sql', "
            + target.script("2").checksum()
            + ", 0, true)");

    assertThat(target.apply("2")).isInstanceOf(ApplyResult.Applied.class);
  }

  @Test
  void theConfFileAsksForStatementByStatement() throws Exception {
    target.file(
        "V2__i.sql", "do $$ begin insert into users values (5, 'x'); commit; end $$;\nselect 1;");
    target.file("V2__i.sql.conf", "executeInTransaction=false");

    assertThat(target.apply("2")).isInstanceOf(ApplyResult.Applied.class);
    assertThat(target.value("select count(*) from users where id = 5")).isEqualTo("1");
  }

  @Test
  void aMixedScriptIsRefusedBeforeAnythingRuns() throws Exception {
    target.file("V2__i.sql", "set work_mem = '8MB';\nvacuum users;\ndelete from users");

    assertThatThrownBy(() -> target.apply("2"))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("V2__i.sql line 3: this statement would be committed by itself")
        .hasMessageContaining("executeInTransaction=false");
    assertThat(target.value("select count(*) from users")).isEqualTo("1");

    target.file("V2__i.sql", "set work_mem = '8MB';\nvacuum users");
    assertThat(target.apply("2")).isInstanceOf(ApplyResult.Applied.class);
  }

  @Test
  void anIndexOfSomeoneElseIsNeverTakenForOurs() throws Exception {
    target.execute("create index i on users (name)");
    target.file("V2__i.sql", "create index concurrently i on users (id)");

    assertThat(TransactionalScriptIT.failure(target.apply("2")).sqlState()).isEqualTo("42P07");
    assertThat(TransactionalScriptIT.failure(target.apply("2")).sqlState()).isEqualTo("42P07");
    assertThat(target.value("select started from whimbrel.checkpoint")).isEqualTo("f");
  }

  @Test
  void aNewValueOfATypeThatIsUsedAtOnceIsRefusedWithItsRemedy() throws Exception {
    target.execute("create type mood as enum ('good'); create table moods (m mood)");
    target.file("V2__i.sql", "alter type mood add value 'bad';\ninsert into moods values ('bad')");

    ApplyFailure failure = TransactionalScriptIT.failure(target.apply("2"));
    assertThat(failure.sqlState()).isEqualTo("55P04");
    assertThat(failure.message()).contains("add it in a script of its own, before this one");
  }

  @Test
  void stringsAreReadAsTheServerReadsThemWhateverTheRoleHasSet() throws Exception {
    target.execute("alter role current_user set standard_conforming_strings = off");
    try {
      target.file("V2__i.sql", "insert into users values (7, 'a\\'); select 'b'");
      assertThat(target.apply("2")).isInstanceOf(ApplyResult.Applied.class);
    } finally {
      target.execute("alter role current_user reset standard_conforming_strings");
    }
    assertThat(target.value("select name from users where id = 7")).isEqualTo("a\\");
  }

  @Test
  void whatTheScriptSetsHoldsAfterAnInterruptionToo() throws Exception {
    target.file(
        "V2__i.sql",
        """
        set my.note = 'kept';
        vacuum users;
        insert into users select 8, current_setting('my.note')
          where 1 / (select count(*) - 1 from users) > 0;
        """);
    target.file("V2__i.sql.conf", "executeInTransaction=false");
    assertThat(TransactionalScriptIT.failure(target.apply("2")).sqlState()).isEqualTo("22012");

    target.execute("insert into users values (3, 'c')");
    assertThat(target.apply("2")).isInstanceOf(ApplyResult.Applied.class);
    assertThat(target.value("select name from users where id = 8")).isEqualTo("kept");
  }

  @Test
  void anIndexWithoutANameIsRefusedBeforeAnythingRuns() {
    target.file("V2__i.sql", "vacuum users;\ncreate index concurrently on users (id)");

    assertThatThrownBy(() -> target.apply("2"))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("V2__i.sql line 2: an index that is built concurrently needs a name");
  }

  private CompletableFuture<ApplyResult> start(
      String name, CompletableFuture<List<Blocker>> firstBlockers) {
    ApplyListener listener =
        new ApplyListener() {
          @Override
          public void waiting(List<Blocker> now) {
            firstBlockers.complete(now);
          }
        };
    CompletableFuture<ApplyResult> result = new CompletableFuture<>();
    new Thread(
            () -> {
              try {
                result.complete(target.apply(target.script(name), listener, InTransaction.NOTHING));
              } catch (Exception e) {
                result.completeExceptionally(e);
              }
            })
        .start();
    return result;
  }
}

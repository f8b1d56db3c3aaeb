package io.whimbrel.executor.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.whimbrel.executor.catalog.Refusal;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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

    assertThat(target.apply("2"))
        .isInstanceOfSatisfying(
            ApplyResult.Applied.class,
            applied ->
                assertThat(applied.slowest())
                    .extracting(StatementFigures::statement, StatementFigures::shared)
                    .containsExactly(
                        tuple(1, false), tuple(2, false), tuple(3, false), tuple(4, false)));
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
    assertThat(target.apply("2"))
        .isInstanceOfSatisfying(
            ApplyResult.Applied.class,
            applied ->
                assertThat(applied.slowest())
                    .as("what this call has run")
                    .extracting(StatementFigures::statement)
                    .containsExactly(3));
    assertThat(target.value("select count(*) from users where id = 2")).isEqualTo("1");
  }

  @Test
  void statementsHaveTheWalThatEachOfThemWrote() throws Exception {
    target.file(
        "V2__i.sql",
        """
        insert into users select i, repeat('x', 100) from generate_series(1, 20000) i;
        vacuum users;
        create index concurrently i on users (id);
        update users set name = 'b' where id = 7;
        """);
    target.file("V2__i.sql.conf", "executeInTransaction=false");

    Written written = written(ApplyListener.SILENT);

    assertThat(written.each().get(0)).isGreaterThan(2_000_000);
    assertThat(written.each().get(2)).isGreaterThan(200_000);
    assertThat(written.each().get(3)).isBetween(1L, 100_000L);
    assertThat(written.whole() - written.each().stream().mapToLong(Long::longValue).sum())
        .as("the checkpoint before the first, and the history row")
        .isBetween(0L, 100_000L);
  }

  @Test
  void theWalOfAStatementIsThatOfTheAttemptThatSucceeded() throws Exception {
    target.execute(
        """
        create table other ();
        create function slow() returns void language plpgsql as $$ begin
          insert into users select i, repeat('x', 100) from generate_series(1, 20000) i;
          lock table other;
        end $$\
        """);
    target.file("V2__i.sql", "update users set name = 'b';\nselect slow();\nvacuum users;");
    target.file("V2__i.sql.conf", "executeInTransaction=false");
    try (Connection holder = target.stranger("reporting")) {
      holder.setAutoCommit(false);
      Sql.execute(holder, "lock table other");

      Written written =
          written(
              new ApplyListener() {
                @Override
                public void retrying(int attempt, Duration pause, List<Blocker> blockers) {
                  try {
                    holder.rollback();
                  } catch (SQLException e) {
                    throw new IllegalStateException(e);
                  }
                }
              });

      assertThat(written.each().get(0)).isBetween(1L, 100_000L);
      assertThat(written.each().get(1)).isBetween(2_000_000L, 3_900_000L);
      assertThat(written.whole()).as("both attempts").isGreaterThan(4_000_000);
    }
  }

  private record Written(List<Long> each, long whole) {}

  private Written written(ApplyListener listener) throws Exception {
    try (TargetSession session = target.session()) {
      ScriptRunner runner = TestTarget.runner(session, listener, new CancelSignal());
      session.wal().begin();
      ApplyResult result = runner.apply(target.script("2"), InTransaction.NOTHING);
      assertThat(result).isInstanceOf(ApplyResult.Applied.class);
      return new Written(
          ((ApplyResult.Applied) result)
              .slowest().stream().map(StatementFigures::walBytes).toList(),
          Objects.requireNonNull(session.wal().bytes()));
    }
  }

  @Test
  void anIndexThatCannotBeBuiltLeavesNothingBehind() throws Exception {
    target.execute("insert into users values (1, 'again')");
    target.file("V2__i.sql", "create unique index concurrently i on users (id)");

    assertThat(TransactionalScriptIT.failure(target.apply("2")).sqlState()).isEqualTo("23505");
    assertThat(target.value("select to_regclass('i')")).isNull();
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

  @Test
  void anInvalidIndexThatWasLeftBehindIsBuiltAgain() throws Exception {
    target.file("V2__i.sql", "create index concurrently if not exists i on users (id)");
    interrupt("insert into users values (9, 'open')", "to_regclass('i') is not null");
    assertThat(target.value("select indisvalid from pg_index where indexrelid = 'i'::regclass"))
        .isEqualTo("f");
    assertThat(target.value("select started from whimbrel.checkpoint")).isEqualTo("t");

    assertThat(target.apply("2")).isInstanceOf(ApplyResult.Applied.class);
    assertThat(target.value("select indisvalid from pg_index where indexrelid = 'i'::regclass"))
        .isEqualTo("t");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "reindex index concurrently i",
        "reindex (verbose) table concurrently public.users",
        "reindex (concurrently) table users",
        "reindex schema concurrently public",
      })
  void theSecondIndexesOfAnInterruptedReindexAreRemoved(String reindex) throws Exception {
    target.execute("create index i on users (name)");
    target.asSuperuser("grant usage on schema pg_toast to migrator");
    target.file("V2__i.sql", reindex);
    interrupt(
        "insert into users values (9, 'open')",
        "exists (select from pg_class where relname like '%\\_cc%')");
    assertThat(target.value("select count(*) from pg_class where relname like '%\\_cc%'"))
        .isNotEqualTo("0");

    assertThat(target.apply("2")).isInstanceOf(ApplyResult.Applied.class);
    assertThat(target.value("select count(*) from pg_class where relname like '%\\_cc%'"))
        .isEqualTo("0");
    assertThat(target.value("select count(*) from pg_index where not indisvalid")).isEqualTo("0");
  }

  @Test
  void whatAFailedReindexOfSomeoneElseLeftIsNotTouched() throws Exception {
    target.execute(
        "create table other (id int); insert into other values (1), (1); create index i on users"
            + " (id)");
    assertThatThrownBy(
            () -> target.execute("create unique index concurrently other_ccnew on other (id)"))
        .hasMessageContaining("could not create unique index");
    target.file("V2__i.sql", "reindex table concurrently other");

    assertThat(target.apply("2")).isInstanceOf(ApplyResult.Applied.class);
    assertThat(target.value("select to_regclass('other_ccnew')")).isNotNull();
  }

  @Test
  void anInterruptedDetachIsFinished() throws Exception {
    target.execute(
        "create table parts (id int) partition by range (id);"
            + " create table part partition of parts for values from (1) to (9);"
            + " create table rest partition of parts default");
    target.execute("drop table rest");
    target.file("V2__i.sql", "alter table parts detach partition part concurrently");
    interrupt("select * from parts", "(select inhdetachpending from pg_inherits)");
    assertThat(target.value("select inhdetachpending from pg_inherits")).isEqualTo("t");

    assertThat(target.apply("2")).isInstanceOf(ApplyResult.Applied.class);
    assertThat(target.value("select count(*) from pg_inherits")).isEqualTo("0");
    assertThat(target.value("select count(*) from part")).isEqualTo("0");
  }

  @Test
  void aProcedureThatWasInterruptedRunsAgainOnlyIfSomeoneAsks() throws Exception {
    target.execute(
        "create procedure p() language plpgsql as $$ begin insert into users values (5, 'p');"
            + " commit; perform pg_sleep(case when (select count(*) from users) < 3 then 60 else 0"
            + " end); end $$");
    target.file("V2__i.sql", "vacuum users;\ncall p()");
    target.file("V2__i.sql.conf", "executeInTransaction=false");
    CompletableFuture<ApplyResult> run = start("2", ApplyListener.SILENT);
    awaitTrue("exists (select from pg_stat_activity where wait_event = 'PgSleep')");
    terminate();
    assertThatThrownBy(run::get).hasCauseInstanceOf(TargetLost.class);

    ApplyFailure failure = TransactionalScriptIT.failure(target.apply("2"));
    assertThat(failure.sqlState()).isEqualTo("40003");
    assertThat(failure.line()).isEqualTo(2);
    assertThat(failure.message()).contains("may have committed a part of its work");
    assertThat(target.value("select count(*) from users where id = 5")).isEqualTo("1");

    assertThat(target.apply("2")).isInstanceOf(ApplyResult.Applied.class);
    assertThat(target.value("select count(*) from users where id = 5")).isEqualTo("2");
  }

  @Test
  void aBuildBeginsWhenOlderTransactionsHaveEndedAndNamesThem() throws Exception {
    target.file("V2__i.sql", "create index concurrently i on users (id)");
    CompletableFuture<List<Blocker>> named = new CompletableFuture<>();
    try (Connection old = target.stranger("reporting")) {
      old.setAutoCommit(false);
      Sql.execute(old, "set transaction isolation level repeatable read; select * from users");
      ApplyListener listener =
          new ApplyListener() {
            @Override
            public void waiting(List<Blocker> now) {
              named.complete(now);
            }
          };
      CompletableFuture<ApplyResult> run = start("2", listener);
      assertThat(named.get()).extracting(Blocker::application).containsExactly("reporting");
      assertThat(target.value("select to_regclass('i')")).isNull();

      old.rollback();
      assertThat(run.get()).isInstanceOf(ApplyResult.Applied.class);
    }
  }

  @Test
  void aBuildDoesNotBeginIfOlderTransactionsDoNotEnd() throws Exception {
    target.file(
        "V2__i.sql", "-- whimbrel:lock-budget 0\ncreate index concurrently i on users (id)");
    try (Connection old = target.stranger("reporting")) {
      old.setAutoCommit(false);
      Sql.execute(old, "insert into users values (9, 'open')");

      ApplyFailure failure = TransactionalScriptIT.failure(target.apply("2"));

      assertThat(failure.sqlState()).isEqualTo("55P03");
      assertThat(failure.line()).isEqualTo(2);
      assertThat(failure.message()).contains("did not end; blocked by pid ", "(reporting)");
      assertThat(target.value("select to_regclass('i')")).isNull();
    }
    assertThat(target.apply("2")).isInstanceOf(ApplyResult.Applied.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "(lower(name), id)                                | (lower(name), id)            | true",
        "(lower(users.name) desc) where name like 'a%'    | (lower(name) desc) where name"
            + " like 'a%' | true",
        "(name)                                           | (id)                         | false",
        "(name)                                           | (name desc)                  | false",
        "(name)                                           | (name) where id > 1          | false",
        "(name)                                           | using hash (name)            | false",
        "(name)                                           | (name) include (id)          | false",
        "(name)                                           | (name) with (fillfactor = 50)| false"
      })
  void anIndexIsOursIfItIsWhatTheStatementMakes(String made, String there, boolean same)
      throws Exception {
    target.file("V2__i.sql", "/* c */ create index concurrently\n i on public.users " + made);
    target.execute("create index i on users " + there);
    beganBefore("V2__i.sql");

    if (same) {
      assertThat(target.apply("2")).isInstanceOf(ApplyResult.Applied.class);
    } else {
      assertThat(TransactionalScriptIT.failure(target.apply("2")).sqlState()).isEqualTo("42P07");
    }
    assertThat(target.value("select count(*) from pg_class where relpersistence = 't'"))
        .isEqualTo("0");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "drop index concurrently i          | true",
        "drop index concurrently nowhere.i  | false",
        "vacuum nowhere                     | false"
      })
  void aStatementThatFailsAfterAnInterruptionWasDoneOnlyIfTheFailureSaysSo(
      String statement, boolean done) throws Exception {
    target.file("V2__i.sql", statement);
    beganBefore("V2__i.sql");

    assertThat(target.apply("2") instanceof ApplyResult.Applied).isEqualTo(done);
  }

  @Test
  void aStatementOutsideATransactionHoldsUpOthersNoLongerThanTheLockTimeout() throws Exception {
    target.file("V2__i.sql", "-- whimbrel:lock-budget 0\nvacuum full users");
    try (Connection old = target.stranger("reporting")) {
      old.setAutoCommit(false);
      Sql.execute(old, "select * from users");

      ApplyFailure failure = TransactionalScriptIT.failure(target.apply("2"));
      assertThat(failure.sqlState()).isEqualTo("55P03");
    }
  }

  @Test
  void whatTheScriptSetsHoldsForTheStatementsAfterIt() throws Exception {
    target.asSuperuser("create role helper; grant helper to migrator with set true");
    target.asSuperuser("create schema other authorization helper");
    target.file(
        "V2__i.sql",
        """
        set role helper;
        set search_path = other;
        create table t (id int);
        create index concurrently i on t (id);
        select 1 / (count(*) - 1) from public.done;
        create table u (id int);
        """);
    target.file("V2__i.sql.conf", "executeInTransaction=false");
    target.asSuperuser("create table public.done (); grant select on public.done to helper");
    target.asSuperuser("insert into public.done default values");
    try {
      assertThat(TransactionalScriptIT.failure(target.apply("2")).statement()).isEqualTo(5);
      target.asSuperuser("truncate public.done");

      assertThat(target.apply("2")).isInstanceOf(ApplyResult.Applied.class);
      assertThat(
              target.value(
                  "select string_agg(relname || ' ' || relowner::regrole, ',' order by relname)"
                      + " from pg_class where relnamespace = 'other'::regnamespace"))
          .isEqualTo("i helper,t helper,u helper");
      assertThat(target.value("select installed_by from flyway_schema_history where version = '2'"))
          .isEqualTo("migrator");
    } finally {
      target.asSuperuser("drop owned by helper; drop role helper");
    }
  }

  // As if the process had died in the first statement.
  private void beganBefore(String script) throws Exception {
    target.file("V1_1__first.sql", "select 1");
    target.apply("1.1");
    target.execute(
        "insert into whimbrel.checkpoint (script, checksum, statement, started) values ('"
            + script
            + "', "
            + target.script("2").checksum()
            + ", 0, true)");
  }

  /** Ends the session when the statement waits for a transaction that began after it. */
  private void interrupt(String other, String when) throws Exception {
    try (Connection later = target.stranger("reporting")) {
      ApplyListener listener =
          new ApplyListener() {
            @Override
            public void statement(int number, int of, int line) {
              try {
                later.setAutoCommit(false);
                Sql.execute(later, other);
              } catch (SQLException e) {
                throw new IllegalStateException(e);
              }
            }
          };
      CompletableFuture<ApplyResult> run = start("2", listener);
      awaitTrue("coalesce(" + when + ", false)");
      terminate();
      assertThatThrownBy(run::get).hasCauseInstanceOf(TargetLost.class);
    }
  }

  private void terminate() throws SQLException {
    target.execute(
        "select pg_terminate_backend(pid, 5000) from pg_stat_activity where state = 'active'"
            + " and application_name like 'whimbrel:%' and datname = current_database()");
  }

  private void awaitTrue(String condition) {
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> "t".equals(target.value("select " + condition)));
  }

  private CompletableFuture<ApplyResult> start(String name, ApplyListener listener) {
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

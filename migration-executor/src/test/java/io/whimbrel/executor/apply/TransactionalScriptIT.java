package io.whimbrel.executor.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TransactionalScriptIT {

  @TempDir Path directory;
  private TestTarget target;

  @BeforeEach
  void freshTarget() {
    target = new TestTarget(directory);
  }

  @Test
  void aScriptIsThereWithItsHistoryRow() throws Exception {
    target.file(
        "V1__a.sql", "create table a (id int);\ninsert into a values (1), (2);\nselect * from a;");

    ApplyResult result = target.apply("1");

    assertThat(result)
        .isInstanceOfSatisfying(
            ApplyResult.Applied.class, applied -> assertThat(applied.rows()).isEqualTo(2));
    assertThat(target.value("select count(*) from a")).isEqualTo("2");
    assertThat(
            target.value(
                "select concat_ws(' ', installed_rank, version, type, installed_by, success)"
                    + " from flyway_schema_history"))
        .isEqualTo("1 1 SQL migrator t");
  }

  @Test
  void statementsHaveTheirRowsAndATimeOfTheirOwnWhenTheyAreSentAlone() throws Exception {
    target.file(
        "V1__a.sql",
        "create table a (id int);\ninsert into a values (1), (2);\nselect pg_sleep(0.2);\n"
            + "update a set id = 3 where id = 2;");

    List<StatementFigures> slowest = applied(target.apply("1")).slowest();

    assertThat(slowest)
        .extracting(StatementFigures::statement, StatementFigures::shared, StatementFigures::rows)
        .containsExactly(
            tuple(1, true, 0L), tuple(2, true, 2L), tuple(3, false, 0L), tuple(4, false, 1L));
    assertThat(slowest.get(2).durationMs()).isBetween(200L, 20_000L);
    assertThat(slowest.get(0).durationMs()).isEqualTo(slowest.get(1).durationMs());
  }

  @Test
  void ofManyStatementsTheSlowestAreTold() throws Exception {
    StringBuilder script = new StringBuilder("create table a (id int);\n");
    for (int i = 2; i <= 60; i++) {
      script.append("insert into a select generate_series(1, %d);\n".formatted(i));
    }
    target.file("V1__a.sql", script.append("select pg_sleep(0.1);").toString());

    List<StatementFigures> slowest = applied(target.apply("1")).slowest();

    assertThat(slowest).hasSize(SlowestStatements.MOST);
    assertThat(slowest.get(19).statement()).isEqualTo(61);
    assertThat(slowest.subList(0, 19))
        .as("of one message, those that changed most rows")
        .allMatch(statement -> statement.shared() && statement.rows() == statement.statement())
        .extracting(StatementFigures::statement)
        .containsExactlyElementsOf(IntStream.rangeClosed(42, 60).boxed().toList());
  }

  private static ApplyResult.Applied applied(ApplyResult result) {
    assertThat(result).isInstanceOf(ApplyResult.Applied.class);
    return (ApplyResult.Applied) result;
  }

  @Test
  void aScriptThatFailsLeavesNothingAndSaysWhere() throws Exception {
    target.file("V1__a.sql", "create table a (id int);\n\ninsert into a\nvalues ('secret');");

    ApplyFailure failure = failure(target.apply("1"));

    assertThat(failure.sqlState()).isEqualTo("22P02");
    assertThat(failure.message()).startsWith("invalid input syntax for type integer");
    assertThat(failure.script()).isEqualTo("V1__a.sql");
    assertThat(failure.statement()).isEqualTo(2);
    assertThat(failure.line()).isEqualTo(3);
    assertThat(target.value("select to_regclass('a')")).isNull();
    assertThat(target.value("select count(*) from flyway_schema_history")).isEqualTo("0");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1 | 22012 | update a set i = 1 / (i - i)",
        "2 | 42P01 | insert into nowhere values (1)",
        "3 | 42601 | create tabel b ()",
        "60 | 23505 | insert into a values (1)",
        "61 | 22012 | select 1 / (i - i) from a",
        "119 | 22P02 | do $$ begin perform cast('x' as int); end $$"
      })
  void theStatementThatFailsIsNamedWhereverItStands(int number, String sqlState, String sql)
      throws Exception {
    target.execute("create table a (i int primary key); insert into a values (1)");
    target.adopted();
    StringBuilder script = new StringBuilder();
    for (int i = 1; i <= 120; i++) {
      script.append(i == number ? sql + ";\n" : "insert into a values (" + (i + 1) + ");\n");
    }
    target.file("V2__b.sql", script.toString());

    ApplyFailure failure = failure(target.apply("2"));

    assertThat(failure.statement()).isEqualTo(number);
    assertThat(failure.line()).isEqualTo(number);
    assertThat(failure.sqlState()).isEqualTo(sqlState);
    assertThat(target.value("select count(*) from a")).isEqualTo("1");
  }

  @Test
  void theRowsOfAllMessagesAreCounted() throws Exception {
    target.file(
        "V1__a.sql",
        "-- whimbrel:verify select count(*) = 200 from a\ncreate table a (i int);\n"
            + "insert into a values (1), (2);\n".repeat(100));

    assertThat(target.apply("1"))
        .isInstanceOfSatisfying(
            ApplyResult.Applied.class, applied -> assertThat(applied.rows()).isEqualTo(200));
  }

  @Test
  void whatAnotherAddedToTheHistoryMeanwhileIsNotOverwritten() throws Exception {
    target.file("V1__a.sql", "create table if not exists a ()");
    target.file("V2__b.sql", "create table b ()");
    target.file("V3__c.sql", "create table if not exists c ()");
    try (TargetSession session = target.session()) {
      ScriptRunner runner = TestTarget.runner(session, ApplyListener.SILENT, new CancelSignal());
      runner.apply(target.script("1"), InTransaction.NOTHING);
      target.flyway().migrate();

      assertThat(runner.apply(target.script("3"), InTransaction.NOTHING))
          .isInstanceOf(ApplyResult.AlreadyApplied.class);

      target.file("V4__d.sql", "create table d ()");
      assertThat(runner.apply(target.script("4"), InTransaction.NOTHING))
          .isInstanceOf(ApplyResult.Applied.class);
    }
    target.flyway().validate();
    assertThat(target.value("select string_agg(version, ' ') from flyway_schema_history"))
        .isEqualTo("1 2 3 4");
  }

  @Test
  void aClaimThatIsOverRunsNothingOfAScript() throws Exception {
    target.file("V1__a.sql", "create table a ()");
    try (TargetSession session = target.session()) {
      ScriptRunner runner = TestTarget.runner(session, ApplyListener.SILENT, new CancelSignal());
      target.execute("update whimbrel.fence set token = " + TestTarget.nextToken());

      assertThatThrownBy(() -> runner.apply(target.script("1"), InTransaction.NOTHING))
          .isInstanceOf(StaleFence.class);
    }
    assertThat(target.value("select to_regclass('a')")).isNull();
  }

  @Test
  void aScriptThatIsThereAlreadyDoesNotRunAgain() throws Exception {
    target.file("V1__a.sql", "create table a (id int)");
    target.apply("1");

    assertThat(target.apply("1")).isInstanceOf(ApplyResult.AlreadyApplied.class);
    assertThat(target.value("select count(*) from flyway_schema_history")).isEqualTo("1");
  }

  @Test
  void whatAVerifyQueryRefusesIsRolledBack() throws Exception {
    target.file(
        "V1__a.sql",
        "-- whimbrel:verify select count(*) = 2 from a\n"
            + "create table a (id int); insert into a values (1);");
    target.file("V2__b.sql", "-- whimbrel:verify select count(*) = 0 from b\ncreate table b ();");

    ApplyFailure failure = failure(target.apply("1"));

    assertThat(failure.message()).contains("verify query");
    assertThat(target.value("select to_regclass('a')")).isNull();
    assertThat(target.apply("2")).isInstanceOf(ApplyResult.Applied.class);
  }

  @Test
  void aDeferredConstraintFailsBeforeTheHistoryRow() throws Exception {
    target.file(
        "V1__a.sql",
        """
        create table p (id int primary key);
        create table c (p int references p deferrable initially deferred);
        insert into c values (1);
        """);

    assertThat(failure(target.apply("1")).sqlState()).isEqualTo("23503");
    assertThat(target.value("select to_regclass('p')")).isNull();
  }

  @Test
  void inlineCopyDataIsLoaded() throws Exception {
    target.file(
        "V1__a.sql",
        "create table a (id int, t text);\ncopy a from stdin;\n1\tx;y\n2\t\\N\n\\.\nselect 1;");

    assertThat(target.apply("1")).isInstanceOf(ApplyResult.Applied.class);
    assertThat(target.value("select string_agg(concat_ws('-', id, t), ',') from a"))
        .isEqualTo("1-x;y,2");
  }

  @Test
  void aLockThatDoesNotComeIsTriedForThenNamed() throws Exception {
    target.execute("create table a (id int)");
    target.adopted();
    target.file("V2__b.sql", "create table b ();\nalter table a add column x int;");
    List<Duration> pauses = new ArrayList<>();
    ApplyListener listener =
        new ApplyListener() {
          @Override
          public void retrying(int attempt, Duration pause, List<Blocker> blockers) {
            pauses.add(pause);
          }
        };
    ApplyResult result;
    try (Connection blocker = target.stranger("reporting")) {
      blocker.setAutoCommit(false);
      Sql.execute(blocker, "lock table a in access share mode");
      result = target.apply(target.script("2"), listener, InTransaction.NOTHING);
    }

    ApplyFailure failure = failure(result);
    assertThat(failure.sqlState()).isEqualTo("55P03");
    assertThat(failure.blockers()).extracting(Blocker::application).containsExactly("reporting");
    assertThat(failure.message()).contains("blocked by pid ").contains("(reporting)");
    assertThat(failure.line()).isEqualTo(2);
    assertThat(pauses).hasSizeGreaterThan(1);
    assertThat(target.value("select to_regclass('b')")).isNull();
  }

  @Test
  void aLockThatComesLateIsWaitedForInSeveralAttempts() throws Exception {
    target.execute("create table a (id int)");
    target.adopted();
    target.file("V2__b.sql", "alter table a add column x int;");
    try (Connection blocker = target.stranger("reporting")) {
      blocker.setAutoCommit(false);
      Sql.execute(blocker, "lock table a in access share mode");
      ApplyListener letsGoAtTheSecondAttempt =
          new ApplyListener() {
            @Override
            public void retrying(int attempt, Duration pause, List<Blocker> blockers) {
              try {
                blocker.rollback();
              } catch (SQLException e) {
                throw new IllegalStateException(e);
              }
            }
          };

      ApplyResult result =
          target.apply(target.script("2"), letsGoAtTheSecondAttempt, InTransaction.NOTHING);

      assertThat(result)
          .isInstanceOfSatisfying(
              ApplyResult.Applied.class, a -> assertThat(a.lockWait()).isPositive());
    }
  }

  @Test
  void aKilledSessionLeavesNothingAndTheNextOneApplies() throws Exception {
    target.file("V1__a.sql", "create table a (id int);\nselect pg_sleep(60);");
    CompletableFuture<ApplyResult> run = start("1");
    awaitSleeping();
    target.execute(
        "select pg_terminate_backend(pid) from pg_stat_activity where query like '%pg_sleep(60)%'"
            + " and pid <> pg_backend_pid()");

    assertThatThrownBy(run::get).hasCauseInstanceOf(TargetLost.class);
    assertThat(target.value("select to_regclass('a')")).isNull();

    target.file("V1__a.sql", "create table a (id int);");
    assertThat(target.apply("1")).isInstanceOf(ApplyResult.Applied.class);
  }

  @Test
  void aCancelStopsTheRunningStatement() throws Exception {
    target.file("V1__a.sql", "create table a (id int);\nselect pg_sleep(60);");
    CancelSignal cancel = new CancelSignal();
    CompletableFuture<ApplyResult> run = start("1", cancel);
    awaitSleeping();

    assertThat(cancel.cancel()).isTrue();

    assertThat(run.get()).isInstanceOf(ApplyResult.Cancelled.class);
    assertThat(target.value("select to_regclass('a')")).isNull();
  }

  @Test
  void aCancelAtTheLastMomentBeforeCommitIsObeyed() throws Exception {
    target.file("V1__a.sql", "create table a (id int)");
    CancelSignal cancel = new CancelSignal();
    ApplyListener cancels =
        new ApplyListener() {
          @Override
          public void aboutToCommit(String xid) {
            assertThat(cancel.cancel()).isTrue();
          }
        };
    try (TargetSession session = target.session()) {
      ApplyResult result =
          TestTarget.runner(session, cancels, cancel)
              .apply(target.script("1"), InTransaction.NOTHING);
      assertThat(result).isInstanceOf(ApplyResult.Cancelled.class);
    }
    assertThat(target.value("select to_regclass('a')")).isNull();
  }

  @Test
  void theTransactionIsNamedBeforeItsCommit() throws Exception {
    target.file("V1__a.sql", "create table a (id int)");
    List<String> named = new ArrayList<>();
    try (TargetSession session = target.session()) {
      ApplyListener listener =
          new ApplyListener() {
            @Override
            public void aboutToCommit(String xid) {
              named.add(xid);
            }
          };
      TestTarget.runner(session, listener, new CancelSignal())
          .apply(target.script("1"), InTransaction.NOTHING);
      assertThat(session.transactionStatus(named.get(0))).isEqualTo("committed");
    }
  }

  @Test
  void whatIsNotStoredBeforeCommitIsNotCommitted() throws Exception {
    target.file("V1__a.sql", "create table a (id int)");
    ApplyListener fails =
        new ApplyListener() {
          @Override
          public void aboutToCommit(String xid) {
            throw new IllegalStateException("control database away");
          }
        };

    assertThatThrownBy(() -> target.apply(target.script("1"), fails, InTransaction.NOTHING))
        .hasMessage("control database away");
    assertThat(target.value("select to_regclass('a')")).isNull();
  }

  @Test
  void theHooksRunInTheTransactionOfTheScript() throws Exception {
    target.file("V1__a.sql", "create table a (id int)");
    List<String> seen = new ArrayList<>();
    InTransaction hooks =
        new InTransaction() {
          @Override
          public void afterBegin(Connection connection) throws SQLException {
            seen.add(String.valueOf(Sql.text(connection, "select to_regclass('a')")));
          }

          @Override
          public void beforeCommit(Connection connection) throws SQLException {
            seen.add(String.valueOf(Sql.text(connection, "select to_regclass('a')")));
            seen.add(
                String.valueOf(
                    Sql.text(connection, "select max(version) from flyway_schema_history")));
          }
        };

    target.apply(target.script("1"), ApplyListener.SILENT, hooks);

    assertThat(seen).containsExactly("null", "a", "1");
  }

  @Test
  void whatAScriptSetsDoesNotReachTheNextOne() throws Exception {
    target.asSuperuser("create role helper; grant helper to migrator with set true");
    target.asSuperuser("grant create on schema public to helper");
    target.file(
        "V1__a.sql",
        """
        select pg_catalog.set_config('search_path', '', false);
        set work_mem = '77MB';
        create temp table leftover (id int);
        prepare p as select 1;
        listen c;
        create table public.a (id int);
        set role helper;
        """);
    target.file(
        "V2__b.sql",
        "create table b as select current_user as u, current_setting('work_mem') as w,"
            + " to_regclass('leftover') as t");
    try (TargetSession session = target.session()) {
      ScriptRunner runner = TestTarget.runner(session, ApplyListener.SILENT, new CancelSignal());
      assertThat(runner.apply(target.script("1"), InTransaction.NOTHING))
          .isInstanceOf(ApplyResult.Applied.class);
      assertThat(runner.apply(target.script("2"), InTransaction.NOTHING))
          .isInstanceOf(ApplyResult.Applied.class);
      assertThat(
              Sql.text(
                  session.connection(),
                  "select count(*) from pg_prepared_statements where from_sql"))
          .isEqualTo("0");
    } finally {
      target.asSuperuser("drop owned by helper; drop role helper");
    }
    assertThat(target.value("select u from b")).isEqualTo("migrator");
    assertThat(target.value("select w from b")).isNotEqualTo("77MB");
    assertThat(target.value("select t from b")).isNull();
    assertThat(target.value("select string_agg(installed_by, ',') from flyway_schema_history"))
        .isEqualTo("migrator,migrator");
  }

  @Test
  void aStatementThatNeedsNoTransactionNamesItsRemedy() throws Exception {
    target.file("V1__a.sql", "do $$ begin commit; end $$");

    assertThat(failure(target.apply("1")).statement()).isEqualTo(1);
    assertThat(target.value("select count(*) from flyway_schema_history")).isEqualTo("0");
  }

  @Test
  void aStatementThatTakesTooLongFails() throws Exception {
    target.timeouts(Duration.ofSeconds(1), Duration.ofMillis(200));
    target.file("V1__a.sql", "select pg_sleep(60)");

    assertThat(failure(target.apply("1")).sqlState()).isEqualTo("57014");
  }

  private CompletableFuture<ApplyResult> start(String name) {
    return start(name, new CancelSignal());
  }

  private CompletableFuture<ApplyResult> start(String name, CancelSignal cancel) {
    CompletableFuture<ApplyResult> result = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try (TargetSession session = target.session()) {
                result.complete(
                    TestTarget.runner(session, ApplyListener.SILENT, cancel)
                        .apply(target.script(name), InTransaction.NOTHING));
              } catch (Exception e) {
                result.completeExceptionally(e);
              }
            });
    thread.start();
    return result;
  }

  private void awaitSleeping() {
    await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () ->
                "1"
                    .equals(
                        target.value(
                            "select count(*) from pg_stat_activity where wait_event = 'PgSleep'")));
  }

  static ApplyFailure failure(ApplyResult result) {
    assertThat(result).isInstanceOf(ApplyResult.Failed.class);
    return ((ApplyResult.Failed) result).failure();
  }
}

package io.whimbrel.executor.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CancelIT {

  private static final String SLEEPING =
      "select count(*) > 0 from pg_stat_activity where wait_event = 'PgSleep'"
          + " and datname = current_database() and application_name like 'whimbrel:%'";

  @TempDir Path directory;
  private TestTarget target;

  @BeforeEach
  void freshTarget() throws SQLException {
    target = new TestTarget(directory).adopted();
    target.execute("create table users (id int primary key); insert into users values (1), (2)");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "in one message with others | update users set id = id + 10;"
            + "do $$ begin perform pg_sleep(60); end $$; delete from users",
        "that returns rows          | delete from users; select pg_sleep(60)",
        "of COPY                    | create table c (i int default length(pg_sleep(60)::text),"
            + " j int);%copy c (j) from stdin;%1%\\.",
        "of a verify header         | -- whimbrel:verify select true from pg_sleep(60)"
            + "%delete from users",
        "of a deferred trigger      | create function f() returns trigger language plpgsql as"
            + " $$ begin perform pg_sleep(60); return null; end $$;"
            + " create constraint trigger t after delete on users deferrable initially deferred"
            + " for each row execute function f(); delete from users where id = 1",
        "of a batch                 | -- whimbrel:batch table=users key=id size=1"
            + "%delete from users where pg_sleep(60)::text = 'x'",
        "outside a transaction      | create procedure p() language plpgsql as"
            + " $$ begin perform pg_sleep(60); end $$; vacuum users; call p()",
      })
  void theStatementThatRunsIsStopped(String what, String script) throws Exception {
    target.file("V2__a.sql", script.replace('%', '\n'));
    if (what.startsWith("outside")) {
      target.file("V2__a.sql.conf", "executeInTransaction=false");
    }

    stopsWhen(SLEEPING, InTransaction.NOTHING);
  }

  @Test
  void aHookOfTheCallerIsStopped() throws Exception {
    target.file("V2__a.sql", "delete from users");

    stopsWhen(
        SLEEPING,
        new InTransaction() {
          @Override
          public void beforeCommit(Connection connection) throws SQLException {
            Sql.execute(connection, "select pg_sleep(60)");
          }
        });
  }

  @Test
  void aWaitForALockIsOver() throws Exception {
    target.file("V2__a.sql", "-- whimbrel:lock-timeout 60m\nalter table users add column x int");
    try (Connection blocker = target.stranger("reporting")) {
      blocker.setAutoCommit(false);
      Sql.execute(blocker, "lock table users in access share mode");

      stopsWhen(
          "select count(*) > 0 from pg_locks where not granted"
              + " and relation = 'users'::regclass",
          InTransaction.NOTHING);
    }
  }

  @Test
  void thePauseBeforeTheNextAttemptEnds() throws Exception {
    CancelSignal cancel = new CancelSignal();
    target.file(
        "V2__a.sql",
        "-- whimbrel:lock-timeout 50ms\n-- whimbrel:lock-budget 60m\ndrop table users");
    ApplyListener cancels =
        new ApplyListener() {
          @Override
          public void retrying(int attempt, Duration pause, java.util.List<Blocker> blockers) {
            cancel.cancel();
          }
        };
    try (Connection blocker = target.stranger("reporting");
        TargetSession session = target.session()) {
      blocker.setAutoCommit(false);
      Sql.execute(blocker, "lock table users in access share mode");

      assertThat(
              TestTarget.runner(session, cancels, cancel)
                  .apply(target.script("2"), InTransaction.NOTHING))
          .isInstanceOf(ApplyResult.Cancelled.class);
    }
  }

  @Test
  void nothingRunsInASessionThatWasCancelled() throws Exception {
    target.file("V2__a.sql", "delete from users");
    CancelSignal cancel = new CancelSignal();
    try (TargetSession session = target.session()) {
      ScriptRunner runner = TestTarget.runner(session, ApplyListener.SILENT, cancel);
      cancel.cancel();

      assertThat(runner.apply(target.script("2"), InTransaction.NOTHING))
          .isInstanceOf(ApplyResult.Cancelled.class);
    }
    assertThat(target.value("select count(*) from users")).isEqualTo("2");
  }

  private void stopsWhen(String moment, InTransaction hooks) throws Exception {
    CancelSignal cancel = new CancelSignal();
    try (TargetSession session = target.session()) {
      ScriptRunner runner = TestTarget.runner(session, ApplyListener.SILENT, cancel);
      CompletableFuture<ApplyResult> run =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return runner.apply(target.script("2"), hooks);
                } catch (Exception e) {
                  throw new IllegalStateException(e);
                }
              });
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> run.isDone() || "t".equals(target.value(moment)));

      assertThat(cancel.cancel()).isTrue();

      assertThat(run.get()).isInstanceOf(ApplyResult.Cancelled.class);
      assertThat(session.connection().isClosed()).isTrue();
    }
    assertThat(target.value("select sum(id) from users")).isEqualTo("3");
    assertThat(target.value("select count(*) from flyway_schema_history where version = '2'"))
        .isEqualTo("0");
  }
}

package io.whimbrel.executor.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimeoutsIT {

  private static final String OWN =
      """
      -- whimbrel:lock-timeout 8s
      -- whimbrel:statement-timeout 0
      -- whimbrel:idle-timeout 5m
      """;
  private static final String NOTES =
      "insert into seen select setting.name, setting.setting from pg_settings setting"
          + " where name in ('statement_timeout', 'idle_in_transaction_session_timeout')";
  private static final String SEEN = "select string_agg(value, ' ' order by name) from seen";

  @TempDir Path directory;
  private TestTarget target;

  @BeforeEach
  void freshTarget() throws SQLException {
    target = new TestTarget(directory).adopted();
    target.timeouts(Duration.ofMillis(400), Duration.ofMinutes(7));
    target.execute(
        "create table seen (name text, value text); create table keys (id int primary key);"
            + " insert into keys values (1)");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "in one transaction |                                              |",
        "in batches         | -- whimbrel:batch table=keys key=id          | , keys where"
            + " /* whimbrel:range id */",
        "step by step       | set my.x = '1';%vacuum seen;                 |"
      })
  void aScriptHasItsOwnAndTheNextOneThoseOfTheTarget(String kind, String before, String after)
      throws Exception {
    String script = before == null ? "" : before.replace('%', '\n') + "\n";
    String statement = NOTES.replace(" where", after == null ? " where" : after + " and");
    target.file("V2__own.sql", OWN + script + statement);
    target.file("V2__own.sql.conf", "executeInTransaction=" + !kind.equals("step by step"));
    target.file("V3__targets.sql", "truncate seen;\n" + NOTES);
    try (TargetSession session = target.session()) {
      ScriptRunner runner = TestTarget.runner(session, ApplyListener.SILENT, new CancelSignal());

      assertThat(runner.apply(target.script("2"), InTransaction.NOTHING))
          .isInstanceOf(ApplyResult.Applied.class);
      assertThat(target.value(SEEN)).isEqualTo("300000 0");

      assertThat(runner.apply(target.script("3"), InTransaction.NOTHING))
          .isInstanceOf(ApplyResult.Applied.class);
      assertThat(target.value(SEEN)).isEqualTo("90000 420000");
    }
  }

  @Test
  void aStatementThatTakesLongerThanItsScriptAllowsFails() throws Exception {
    target.file("V2__a.sql", "-- whimbrel:statement-timeout 50ms\nselect pg_sleep(60)");

    assertThat(TransactionalScriptIT.failure(target.apply("2")).sqlState()).isEqualTo("57014");
  }

  @Test
  void aTransactionThatDoesNothingForTooLongIsOver() throws Exception {
    target.file("V2__a.sql", "-- whimbrel:idle-timeout 50ms\ninsert into keys values (2)");
    InTransaction frozen =
        new InTransaction() {
          @Override
          public void beforeCommit(Connection connection) throws SQLException {
            await()
                .until(
                    () ->
                        "0"
                            .equals(
                                target.value(
                                    "select count(*) from pg_stat_activity where state like 'idle"
                                        + " in%' and datname = current_database()")));
          }
        };

    assertThatThrownBy(() -> target.apply(target.script("2"), ApplyListener.SILENT, frozen))
        .isInstanceOf(TargetLost.class);
    assertThat(target.value("select count(*) from keys")).isEqualTo("1");
  }

  @Test
  void withoutABudgetThereIsOneAttempt() throws Exception {
    target.file("V2__a.sql", "-- whimbrel:lock-budget 0\ndrop table keys");
    List<Integer> retries = new ArrayList<>();
    ApplyListener listener =
        new ApplyListener() {
          @Override
          public void retrying(int attempt, Duration pause, List<Blocker> blockers) {
            retries.add(attempt);
          }
        };
    try (Connection blocker = target.stranger("reporting")) {
      blocker.setAutoCommit(false);
      Sql.execute(blocker, "lock table keys in access share mode");

      assertThat(
              TransactionalScriptIT.failure(
                      target.apply(target.script("2"), listener, InTransaction.NOTHING))
                  .sqlState())
          .isEqualTo("55P03");
    }
    assertThat(retries).isEmpty();
  }

  @Test
  void aDeadlockIsTriedAgain() throws Exception {
    target.execute("create table other ()");
    target.file(
        "V2__a.sql",
        "-- whimbrel:lock-timeout 30s\nlock table keys;\nselect pg_sleep(0);\nlock table other");
    try (Connection blocker = target.stranger("reporting")) {
      blocker.setAutoCommit(false);
      // So that the server ends our side.
      target.asSuperuser("grant set on parameter deadlock_timeout to migrator");
      Sql.execute(blocker, "set deadlock_timeout = '1min'; lock table other");
      List<Integer> retries = new ArrayList<>();
      ApplyListener deadlock =
          new ApplyListener() {
            @Override
            public void statement(int number, int of, int line) {
              if (number == 2 && retries.isEmpty()) {
                wantsKeys(blocker);
              }
            }

            @Override
            public void retrying(int attempt, Duration pause, List<Blocker> blockers) {
              retries.add(attempt);
            }
          };

      assertThat(target.apply(target.script("2"), deadlock, InTransaction.NOTHING))
          .isInstanceOf(ApplyResult.Applied.class);
      assertThat(retries).containsExactly(2);
    }
  }

  private void wantsKeys(Connection blocker) {
    Thread thread =
        new Thread(
            () -> {
              try {
                Sql.execute(blocker, "lock table keys");
                blocker.rollback();
              } catch (SQLException e) {
                throw new IllegalStateException(e);
              }
            });
    thread.start();
    await()
        .until(
            () ->
                "t"
                    .equals(
                        target.value(
                            "select count(*) > 0 from pg_locks where not granted"
                                + " and relation = 'keys'::regclass")));
  }
}

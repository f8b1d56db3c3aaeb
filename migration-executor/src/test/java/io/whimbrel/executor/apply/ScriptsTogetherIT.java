package io.whimbrel.executor.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.whimbrel.executor.catalog.Refusal;
import io.whimbrel.executor.catalog.Script;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScriptsTogetherIT {

  private static final String HISTORY =
      "select count(*) from flyway_schema_history where version is not null";

  @TempDir Path directory;
  private TestTarget target;

  @BeforeEach
  void freshTarget() {
    target = new TestTarget(directory);
  }

  @Test
  void allOfThemAreThereWithTheirRowsInOneTransaction() throws Exception {
    target.file("V1__a.sql", "create table a (i int); insert into a values (1), (2);");
    target.file(
        "V2__b.sql",
        "-- whimbrel:verify select count(*) = 2 from b\ncreate table b as select * from a;");
    target.file("V3__c.sql", "insert into b values (3); select * from b;");

    AppliedTogether result = apply("1", "2", "3");

    assertThat(result.whole()).isInstanceOf(ApplyResult.Applied.class);
    assertThat(result.each().stream().map(ApplyResult.Applied::rows)).containsExactly(2L, 2L, 1L);
    assertThat(result.each())
        .extracting(one -> one.slowest().stream().map(StatementFigures::rows).toList())
        .containsExactly(List.of(0L, 2L), List.of(2L), List.of(1L, 0L));
    assertThat(
            target.value(
                "select concat_ws(' ', count(*), count(distinct xmin::text), max(installed_rank),"
                    + " min(execution_time) >= 0, string_agg(version, ',' order by installed_rank))"
                    + " from flyway_schema_history"))
        .isEqualTo("3 1 3 t 1,2,3");
    assertThat(target.value("select count(*) from b")).isEqualTo("3");
    assertThat(target.flyway().validateWithResult().validationSuccessful).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "insert into nowhere values (1)             | 42P01 | 2",
        "create tabel b ()                          | 42601 | 2",
        "select 1 / (i - i) from a                  | 22012 | 2",
        "insert into child values (7)               | 23503 | 2",
        "-- whimbrel:verify select false\\nselect 1 |       | 0"
      })
  void whatFailsIsNamedAndNothingIsLeft(String sql, String sqlState, int statement)
      throws Exception {
    target.execute(
        "create table parent (i int primary key);"
            + " create table child (i int references parent deferrable initially deferred)");
    target.adopted();
    target.file("V2__a.sql", "create table a (i int); insert into a values (1);");
    target.file("V3__b.sql", "create table b ();\n" + sql.replace("\\n", "\n") + ";");
    if (statement == 0) {
      target.file("V3__b.sql", sql.replace("\\n", "\n") + ";");
    }
    target.file("V4__c.sql", "create table c ();");

    assertThat(apply("2", "3", "4").whole())
        .isInstanceOfSatisfying(
            ApplyResult.Failed.class,
            failed -> {
              assertThat(failed.failure().script()).isEqualTo("V3__b.sql");
              assertThat(failed.failure().sqlState()).isEqualTo(sqlState);
              assertThat(failed.failure().statement()).isEqualTo(statement);
            });
    assertThat(target.value(HISTORY + " and version <> '1'")).isEqualTo("0");
    assertThat(target.value("select to_regclass('a')")).isNull();
  }

  @Test
  void aScriptGetsASessionAsIfItWereAlone() throws Exception {
    target.execute("create schema other");
    target.file(
        "V1__a.sql",
        "set search_path = other; create table a (i int); create temp table t (); prepare p as"
            + " select 1; set lock_timeout = '7s';");
    target.file(
        "V2__b.sql", "create table b (i int); create temp table t (); prepare p as select 1;");

    assertThat(apply("1", "2").whole()).isInstanceOf(ApplyResult.Applied.class);
    assertThat(target.value("select concat(to_regclass('other.a'), ' ', to_regclass('public.b'))"))
        .isEqualTo("other.a b");
  }

  @Test
  void whatCanBeDeferredIsCheckedAtTheEndOfEachScriptAndDeferredAgain() throws Exception {
    String circle =
        "insert into child values (%1$d); alter table other_%1$d add column n int;"
            + " insert into parent values (%1$d);";
    target.file(
        "V1__a.sql",
        "create table parent (i int primary key); create table child (i int references parent"
            + " deferrable initially deferred); create table other_1 (); create table other_2 ();");
    target.file("V2__b.sql", circle.formatted(1));
    target.file(
        "V3__c.sql",
        "alter table child add column note text; "
            + circle.formatted(2).replace("child values (2)", "child values (2, '')"));

    assertThat(apply("1", "2", "3").whole()).isInstanceOf(ApplyResult.Applied.class);
    assertThat(target.value("select count(*) from child")).isEqualTo("2");
  }

  @Test
  void callbacksShareTheTransaction() throws Exception {
    target.execute("create schema log; create table log.log (n serial, what text)");
    for (String moment :
        List.of("beforeMigrate", "beforeEachMigrate", "afterEachMigrate", "afterMigrate")) {
      target.file(moment + ".sql", "insert into log.log (what) values ('" + moment + "')");
    }
    target.file("beforeEachMigrate__settings.sql", "set work_mem = '77MB'");
    target.file("V1__a.sql", "create table a as select current_setting('work_mem') as w");
    target.file("V2__b.sql", "create table b ()");

    assertThat(apply("1", "2").whole()).isInstanceOf(ApplyResult.Applied.class);
    assertThat(
            target.value(
                "select string_agg(what, ' ' order by n) || ' ' || count(distinct xmin::text) from"
                    + " log.log"))
        .isEqualTo(
            "beforeMigrate beforeEachMigrate afterEachMigrate beforeEachMigrate afterEachMigrate"
                + " afterMigrate 1");
    assertThat(target.value("select w from a")).isEqualTo("77MB");
  }

  @Test
  void aCallbackAfterAScriptDoesNotSeeTheRowOfThatScriptAsWithFlyway() throws Exception {
    TestTarget flyways = new TestTarget(directory);
    for (TestTarget each : List.of(target, flyways)) {
      each.execute("create schema log; create table log.log (n serial, what text)");
    }
    target.file(
        "afterEachMigrate.sql",
        "insert into log.log (what) select count(*) from flyway_schema_history");
    target.file("V1__a.sql", "create table a ()");
    target.file("V2__b.sql", "create table b ()");

    assertThat(apply("1", "2").whole()).isInstanceOf(ApplyResult.Applied.class);
    Flyway.configure()
        .configuration(flyways.flyway().getConfiguration())
        .group(true)
        .load()
        .migrate();

    String seen = "select string_agg(what, ' ' order by n) from log.log";
    assertThat(target.value(seen)).isEqualTo("0 1");
    // Flyway writes its rows in a session of its own, so that none is seen before the end.
    assertThat(flyways.value(seen)).isEqualTo("0 0");
  }

  @Test
  void callbacksOfScriptsAndStatementsRunAsWithoutTheOneTransaction() throws Exception {
    target.execute("create schema log; create table log.log (n serial, what text)");
    target.file(
        "afterEachMigrate.sql",
        "insert into log.log (what) select count(*) || ' rows' from flyway_schema_history");
    target.file("beforeMigrate.sql", "insert into log.log (what) values ('begin')");
    target.file("beforeEachMigrateStatement.sql", "insert into log.log (what) values ('[')");
    target.file("afterEachMigrateStatement.sql", "insert into log.log (what) values (']')");
    target.file("V1__a.sql", "create table a (); create table a2 ()");
    target.file("V2__b.sql", "create table b ()");

    assertThat(apply("1", "2").whole()).isInstanceOf(ApplyResult.Applied.class);
    assertThat(target.value("select string_agg(what, ' ' order by n) from log.log"))
        .isEqualTo("begin [ ] [ ] 0 rows [ ] 1 rows");
  }

  @Test
  void aCallbackOfAStatementThatFailsIsNamedAndNothingIsLeft() throws Exception {
    target.file("V1__a.sql", "create table a (i int)");
    target.file("V2__b.sql", "insert into a values (1); insert into a values (2)");
    target.file("afterEachMigrateStatement.sql", "select 1;\nselect 1 / (2 - max(i)) from a");

    assertThat(apply("1", "2").whole())
        .isInstanceOfSatisfying(
            ApplyResult.Failed.class,
            failed -> {
              assertThat(failed.failure().script()).isEqualTo("afterEachMigrateStatement.sql");
              assertThat(failed.failure().line()).isEqualTo(2);
            });
    assertThat(target.value("select to_regclass('a')")).isNull();
  }

  @Test
  void afterACommitWithoutAnAnswerTheHistoryDecides() throws Exception {
    target.file("V1__a.sql", "create table a ()");
    target.file("V2__b.sql", "create table b ()");

    assertThat(apply("1", "2").whole()).isInstanceOf(ApplyResult.Applied.class);
    assertThat(apply("1", "2").whole()).isInstanceOf(ApplyResult.AlreadyApplied.class);
    assertThat(target.value(HISTORY)).isEqualTo("2");
  }

  @Test
  void aTransactionThatTheCallerCannotNameIsNotCommitted() throws Exception {
    target.file("V1__a.sql", "create table a ()");
    ApplyListener failing =
        new ApplyListener() {
          @Override
          public void aboutToCommit(String xid) {
            throw new IllegalStateException("transaction " + xid);
          }
        };
    try (TargetSession session = target.session()) {
      ScriptRunner runner = TestTarget.runner(session, failing, new CancelSignal());
      assertThatThrownBy(
              () ->
                  runner.applyTogether(
                      List.of(target.script("1")),
                      s -> ApplyListener.SILENT,
                      InTransaction.NOTHING))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageMatching("transaction [0-9]+");
    }
    assertThat(target.value("select to_regclass('a')")).isNull();
  }

  @Test
  void theHooksAreCalledOnceAroundAllOfThem() throws Exception {
    target.file("V1__a.sql", "create table a ()");
    target.file("V2__b.sql", "create table b ()");
    List<String> called = new ArrayList<>();
    InTransaction hooks =
        new InTransaction() {
          @Override
          public void afterBegin(Connection connection) throws SQLException {
            called.add("begin " + Sql.text(connection, "select to_regclass('a')"));
          }

          @Override
          public void beforeCommit(Connection connection) throws SQLException {
            called.add("end " + Sql.text(connection, "select to_regclass('b')"));
          }
        };
    try (TargetSession session = target.session()) {
      TestTarget.runner(session, ApplyListener.SILENT, new CancelSignal())
          .applyTogether(scripts("1", "2"), s -> ApplyListener.SILENT, hooks);
    }
    assertThat(called).containsExactly("begin null", "end b");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "vacuum                                                                       | outside",
        "-- whimbrel:batch table=a key=i\\nupdate a set i = i where :range            | batches"
      })
  void aScriptThatCannotShareATransactionIsRefusedByName(String sql, String why) throws Exception {
    target.file("V1__a.sql", "create table a (i int primary key)");
    target.file("V2__b.sql", sql.replace("\\n", "\n"));
    List<Script> scripts = scripts("1", "2");

    assertThatThrownBy(() -> ScriptRunner.checkTogether(scripts))
        .isInstanceOf(Refusal.class)
        .hasMessageStartingWith("V2__b.sql")
        .hasMessageContaining(why);
  }

  private AppliedTogether apply(String... names) throws Exception {
    try (TargetSession session = target.session()) {
      ScriptRunner runner = target.runner(session);
      runner.prepareHistory();
      return runner.applyTogether(
          scripts(names), script -> ApplyListener.SILENT, InTransaction.NOTHING);
    }
  }

  private List<Script> scripts(String... names) {
    return Stream.of(names).map(target::script).toList();
  }
}

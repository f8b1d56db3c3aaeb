package io.whimbrel.executor.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.whimbrel.executor.catalog.Migration;
import io.whimbrel.executor.catalog.Moment;
import io.whimbrel.executor.catalog.Refusal;
import io.whimbrel.executor.catalog.Script;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CallbacksIT {

  @TempDir Path directory;
  private TestTarget target;

  @BeforeEach
  void freshTarget() throws Exception {
    target = new TestTarget(directory);
    target.execute("create schema log; create table log.log (n serial, what text)");
    target.file("V1__a.sql", "create table a ()");
  }

  @Test
  void whatBelongsToAScriptIsInItsTransaction() throws Exception {
    target.file("beforeEachMigrate.sql", says("before"));
    target.file("afterEachMigrate.sql", says("after"));

    assertThat(apply("1")).isInstanceOf(ApplyResult.Applied.class);

    assertThat(said()).isEqualTo("before, after");
    assertThat(target.value("select count(distinct xmin::text) from log.log")).isEqualTo("1");
  }

  @Test
  void aCallbackThatFailsTakesItsScriptAlongAndSaysWhere() throws Exception {
    target.file("beforeEachMigrate.sql", says("before"));
    target.file("afterEachMigrate__check.sql", "select 1;\n\nselect * from nothing");

    ApplyFailure failure = failure(apply("1"));

    assertThat(failure.script()).isEqualTo("afterEachMigrate__check.sql");
    assertThat(failure.sqlState()).isEqualTo("42P01");
    assertThat(failure.line()).isEqualTo(3);
    assertThat(failure.statement()).isEqualTo(2);
    assertThat(said()).isNull();
    assertThat(target.value("select to_regclass('a')")).isNull();
    assertThat(target.value("select count(*) from flyway_schema_history")).isEqualTo("0");
  }

  @Test
  void afterAFailureItsCallbackRunsInATransactionOfItsOwn() throws Exception {
    target.file("V1__a.sql", "select * from nothing");
    target.file("afterEachMigrateError.sql", says("error"));

    assertThat(failure(apply("1")).script()).isEqualTo("V1__a.sql");

    assertThat(said()).isEqualTo("error");
  }

  @Test
  void aCallbackOfAnErrorThatFailsDoesNotHideTheError() throws Exception {
    target.file("V1__a.sql", "select * from nothing");
    target.file("afterEachMigrateError.sql", "select * from neither");

    ApplyFailure failure = failure(apply("1"));

    assertThat(failure.script()).isEqualTo("V1__a.sql");
    assertThat(failure.message()).contains("nothing").contains("afterEachMigrateError.sql failed");
  }

  @Test
  void eachCallbackOfARunIsThereAsAWholeOrNotAtAll() throws Exception {
    target.file("beforeMigrate__a.sql", says("a"));
    target.file("beforeMigrate__b.sql", says("b") + "; select * from nothing");
    target.file("beforeMigrate__c.sql", says("c"));

    try (TargetSession session = target.session()) {
      assertThat(failure(runner(session).callbacks(Moment.BEFORE_MIGRATE)).script())
          .isEqualTo("beforeMigrate__b.sql");
    }

    assertThat(said()).isEqualTo("a");
  }

  @Test
  void anUndoScriptHasNoCallbacksOfAMigration() throws Exception {
    target.file("U1__a.sql", "drop table a");
    target.apply("1");
    target.file("beforeEachMigrate.sql", says("before"));
    Script undo =
        Script.of(target.catalogue().undo().values().iterator().next(), target.placeholders());

    try (TargetSession session = target.session()) {
      assertThat(runner(session).apply(undo, InTransaction.NOTHING))
          .isInstanceOf(ApplyResult.Applied.class);
    }

    assertThat(said()).isNull();
  }

  @Test
  void theyAreRehearsedInTheOrderOfARun() {
    target.file("V2__b.sql", "select 1").file("R__r.sql", "select 1");
    for (String event :
        List.of(
            "beforeMigrate",
            "beforeEachMigrate",
            "beforeEachMigrateStatement",
            "afterEachMigrateStatement",
            "afterEachMigrateStatementError",
            "afterEachMigrate",
            "afterEachMigrateError",
            "afterVersioned",
            "beforeRepeatables",
            "afterMigrateApplied",
            "afterMigrate")) {
      target.file(event + ".sql", "select 1");
    }

    assertThat(callbacks().around(List.of(target.script("1"), target.script("r"))))
        .extracting(script -> script.migration().script().replace(".sql", ""))
        .containsExactly(
            "beforeMigrate",
            "beforeEachMigrate",
            "beforeEachMigrateStatement",
            "V1__a",
            "afterEachMigrateStatement",
            "afterEachMigrate",
            "afterVersioned",
            "beforeRepeatables",
            "beforeEachMigrate",
            "beforeEachMigrateStatement",
            "R__r",
            "afterEachMigrateStatement",
            "afterEachMigrate",
            "afterMigrateApplied",
            "afterMigrate");
  }

  @Test
  void aScriptInBatchesIsOneStatementForItsCallbacks() throws Exception {
    target.execute(
        "create table log.users (id int primary key, n int);"
            + " insert into log.users select g, 0 from generate_series(1, 50) g");
    target.file(
        "V1__a.sql",
        "-- whimbrel:batch table=log.users key=id size=10\nupdate log.users set n = n + 1");
    target.file(
        "beforeEachMigrateStatement.sql",
        "insert into log.log (what) select 'before ' || sum(n) from log.users");
    target.file(
        "afterEachMigrateStatement.sql",
        "insert into log.log (what) select 'after ' || sum(n) from log.users");

    assertThat(apply("1")).isInstanceOf(ApplyResult.Applied.class);

    assertThat(said()).isEqualTo("before 0, after 50");
  }

  @Test
  void oneThatCannotRunInATransactionIsRefused() {
    target.file("afterMigrate.sql", "vacuum");

    assertThatThrownBy(this::callbacks)
        .isInstanceOf(Refusal.class)
        .hasMessageStartingWith("afterMigrate.sql: a callback has to run in a transaction");
  }

  private static String says(String what) {
    return "insert into log.log (what) values ('" + what + "')";
  }

  private @Nullable String said() throws Exception {
    return target.value("select string_agg(what, ', ' order by n) from log.log");
  }

  private ApplyResult apply(String name) throws Exception {
    try (TargetSession session = target.session()) {
      return runner(session).apply(target.script(name), InTransaction.NOTHING);
    }
  }

  private ScriptRunner runner(TargetSession session) throws Exception {
    ScriptRunner runner =
        new ScriptRunner(
            session, ApplySettings.DEFAULT, ApplyListener.SILENT, new CancelSignal(), callbacks());
    runner.prepareHistory();
    return runner;
  }

  private Callbacks callbacks() {
    Map<Moment, List<Script>> ready = new EnumMap<>(Moment.class);
    target
        .catalogue()
        .callbacks()
        .forEach((moment, those) -> ready.put(moment, those.stream().map(this::ready).toList()));
    return new Callbacks(ready);
  }

  private Script ready(Migration callback) {
    return Script.of(callback, target.placeholders());
  }

  private static ApplyFailure failure(ApplyResult result) {
    assertThat(result).isInstanceOf(ApplyResult.Failed.class);
    return ((ApplyResult.Failed) result).failure();
  }
}

package io.whimbrel.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.whimbrel.event.RunStateName;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Ways back: by undo script and by restore, decided by the run or asked for. */
@WholeSuite
class RollbackST {
  private static final String SCHEMA =
      """
      create table parent (id int primary key, name text not null);
      create table child (id int primary key, parent_id int not null, amount numeric, payload bytea,
        constraint child_parent foreign key (parent_id) references parent);
      insert into parent select i, 'parent ' || i from generate_series(1, 500) i;
      insert into child select i, 1 + i % 500, i / 7.0, sha256(i::text::bytea)
      from generate_series(1, 5000) i;
      insert into parent values (501, E'tab\\tand\\nline, "quoted", \\\\N');
      """;

  /** Leaves children without a parent, which the validation afterwards finds. */
  private static final String BREAKS =
      """
      alter table child drop constraint child_parent;
      delete from parent where id between 10 and 20;
      update child set amount = amount + 1;
      alter table child add constraint child_parent
        foreign key (parent_id) references parent not valid;
      """;

  private final Suite suite;

  RollbackST(Suite suite) {
    this.suite = suite;
  }

  @Test
  void aFailedValidationAfterwardsRunsTheUndoScript() {
    TestTarget target =
        prepared()
            .script("V2__Breaks.sql", BREAKS)
            .effect("2", "select not exists (select from parent where id = 10)")
            .script(
                "U2__Breaks.sql",
                """
                insert into parent select i, 'parent ' || i from generate_series(10, 20) i;
                update child set amount = amount - 1;
                alter table child drop constraint child_parent;
                alter table child add constraint child_parent
                  foreign key (parent_id) references parent;
                """);
    String parents = target.rows("parent");
    String children = target.rows("child");

    Run run = suite.api().execute(target);

    assertThat(run.state()).as("%s", run).isEqualTo(RunStateName.ROLLED_BACK);
    assertThat(run.json().path("validation").path("after").path("valid").asBoolean(true)).isFalse();
    assertThat(run.json().path("rollback").path("strategy").asText()).isEqualTo("UNDO");
    assertThat(target.rows("parent")).isEqualTo(parents);
    assertThat(target.rows("child")).isEqualTo(children);
    assertThat(History.of(target).applied()).containsExactly("1");
    History.of(target).flywayAgrees("2");
    suite.invariantsHold(target);
  }

  @Test
  void withoutAnUndoScriptTheTouchedTablesAreRestored() {
    TestTarget target =
        prepared()
            .script("V2__Breaks.sql", BREAKS)
            .effect("2", "select not exists (select from parent where id = 10)");
    String parents = target.rows("parent");
    String children = target.rows("child");

    Run run = suite.api().execute(target);

    assertThat(run.state()).as("%s", run).isEqualTo(RunStateName.ROLLED_BACK);
    assertThat(run.json().path("rollback").path("strategy").asText()).isEqualTo("RESTORE");
    assertThat(run.json().path("backup").path("status").asText()).isEqualTo("VERIFIED");
    assertThat(target.rows("parent")).isEqualTo(parents);
    assertThat(target.rows("child")).isEqualTo(children);
    assertThat(History.of(target).applied()).containsExactly("1");
    History.of(target).flywayAgrees("2");
    suite.invariantsHold(target);
  }

  @Test
  void aRestoreBringsBackWhatTheScriptDropped() {
    TestTarget target =
        prepared()
            .script(
                "V2__Drops.sql",
                BREAKS
                    + "alter table child drop column payload;\n"
                    + "alter table parent add column note text default 'new';\n")
            .effect("2", "select not exists (select from parent where id = 10)");
    String parents = target.rows("parent");
    String children = target.rows("child");

    Run run = suite.api().execute(target);

    assertThat(run.state()).as("%s", run).isEqualTo(RunStateName.ROLLED_BACK);
    assertThat(target.rows("parent")).isEqualTo(parents);
    assertThat(target.rows("child")).isEqualTo(children);
    suite.invariantsHold(target);
  }

  @Test
  void whoDoesNotWantTheRollbackKeepsTheChangeAndIsTold() {
    TestTarget target =
        prepared()
            .script("V2__Breaks.sql", BREAKS)
            .effect("2", "select not exists (select from parent where id = 10)");

    Run run = suite.api().execute(target, Map.of("rollbackOnFailure", false));

    assertThat(run.state()).as("%s", run).isEqualTo(RunStateName.FAILED);
    assertThat(History.of(target).applied()).containsExactly("1", "2");
    suite.invariantsHold(target);
  }

  @Test
  void aCompletedRunIsTakenBackByItsUndoScript() {
    TestTarget target =
        prepared()
            .script("V2__Notes.sql", "create table note (id int primary key);")
            .script("U2__Notes.sql", "drop table note;")
            .effect("2", "select to_regclass('note') is not null");
    Run run = suite.api().execute(target);
    assertThat(run.state()).as("%s", run).isEqualTo(RunStateName.COMPLETED);

    Run rollback =
        suite
            .api()
            .command("/rollback", Map.of("target", target.name(), "runId", run.id().toString()));

    assertThat(rollback.state()).as("%s", rollback).isEqualTo(RunStateName.ROLLED_BACK);
    assertThat(target.hasTable("note")).isFalse();
    History.of(target).flywayAgrees("2");
    suite.invariantsHold(target);
  }

  @Test
  void whatOthersWroteSinceIsNotOverwritten() {
    TestTarget target = prepared().script("V2__More.sql", "update child set amount = amount + 1;");
    Run run = suite.api().execute(target);
    assertThat(run.state()).as("%s", run).isEqualTo(RunStateName.COMPLETED);
    target.sql("update child set amount = 0 where id = 1");
    String children = target.rows("child");

    Run rollback =
        suite
            .api()
            .command("/rollback", Map.of("target", target.name(), "runId", run.id().toString()));

    assertThat(rollback.state()).as("%s", rollback).isEqualTo(RunStateName.ROLLBACK_FAILED);
    assertThat(rollback.json().path("rollback").path("strategy").asText()).isEqualTo("STOP");
    assertThat(rollback.json().path("rollback").path("options")).isNotEmpty();
    assertThat(target.rows("child")).isEqualTo(children);
    assertThat(suite.api().published(rollback.id()))
        .last()
        .satisfies(end -> assertThat(end.path("step").asText()).isEqualTo("DECISION_NEEDED"));
    await()
        .atMost(Api.PATIENCE)
        .until(
            () ->
                suite.api().alerts(target).stream()
                    .anyMatch(alert -> alert.path("kind").asText().equals("DECISION_NEEDED")));
    suite.invariantsHold(target);
  }

  @Test
  void aRestoreMakesABackfillThatStoppedHalfWayBeginAnew() {
    TestTarget target =
        prepared()
            .sql(
                """
                create function stop_at_3000() returns trigger language plpgsql as
                  $$ begin raise 'not this one'; end $$;
                create trigger stop_at_3000 before update on child
                  for each row when (new.id = 3000) execute function stop_at_3000();
                """)
            .script("V2__Notes.sql", "alter table parent add column note text;")
            .script(
                "V3__Backfill.sql",
                """
                -- whimbrel:batch table=child key=id size=1000
                update child set amount = amount + 1;
                """);
    String children = target.rows("child");
    Run run = suite.api().execute(target);
    assertThat(run.state()).as("%s", run).isEqualTo(RunStateName.FAILED);
    assertThat(target.rows("child")).isNotEqualTo(children);

    Run rollback =
        suite
            .api("super-admin")
            .command(
                "/rollback",
                Map.of(
                    "target",
                    target.name(),
                    "runId",
                    run.id().toString(),
                    "strategy",
                    "restore",
                    "acceptDataLoss",
                    true));
    assertThat(rollback.state()).as("%s", rollback).isEqualTo(RunStateName.ROLLED_BACK);
    assertThat(target.rows("child")).isEqualTo(children);
    target.sql("drop trigger stop_at_3000 on child");
    String plusOne = target.query("select sum(amount) + 5000 from child").get(0);

    Run again = suite.api().execute(target);

    assertThat(again.state()).as("%s", again).isEqualTo(RunStateName.COMPLETED);
    assertThat(target.query("select sum(amount) from child")).containsExactly(plusOne);
  }

  /** A target whose first version is applied. */
  private TestTarget prepared() {
    TestTarget target = suite.target().script("V1__Schema.sql", SCHEMA);
    target.effect("1", "select to_regclass('parent') is not null");
    Run run = suite.api().execute(target, Map.of("validateBefore", false, "validateAfter", false));
    assertThat(run.state()).as("%s", run).isEqualTo(RunStateName.COMPLETED);
    return target;
  }
}

package io.whimbrel.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.whimbrel.event.RunStateName;
import io.whimbrel.event.Topics;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Runs that end before anything has changed. */
@WholeSuite
class RefusalST {
  private final Suite suite;

  RefusalST(Suite suite) {
    this.suite = suite;
  }

  @Test
  void orphansInATouchedTableRejectTheRun() {
    TestTarget target =
        suite
            .target()
            .sql(
                """
                create table parent (id int primary key);
                create table child (id int primary key, parent_id int not null);
                insert into parent values (1);
                insert into child values (10, 1), (11, 2), (12, 3);
                alter table child add constraint child_parent
                  foreign key (parent_id) references parent not valid;
                """)
            .script("V1__Add_note.sql", "alter table child add column note text;")
            .effect("1", hasColumn("child", "note"));
    String before = target.rows("child");

    Run run = suite.api().execute(target);

    assertThat(run.state()).as("%s", run).isEqualTo(RunStateName.REJECTED);
    JsonNode verdict = run.json().path("validation").path("before");
    assertThat(verdict.path("valid").asBoolean(true)).isFalse();
    JsonNode finding = verdict.path("findings").path(0);
    assertThat(finding.path("rule").asText()).isEqualTo("fk_integrity");
    assertThat(finding.path("table").asText()).isEqualTo("public.child");
    assertThat(finding.path("subject").asText()).isEqualTo("child_parent");
    assertThat(finding.path("rows").asLong()).isEqualTo(2);
    assertThat(report(verdict)).contains("child_parent", "11", "12");
    assertThat(target.rows("child")).isEqualTo(before);
    assertThat(History.of(target).applied()).isEmpty();
    suite.invariantsHold(target);
    assertOneAlert(run, "VALIDATION_FAILED");
  }

  @Test
  void anUnknownTargetRejectsTheRunAndIsNamed() {
    Run run = suite.api().command("/execute", Map.of("target", "no-such-target"));

    assertThat(run.state()).as("%s", run).isEqualTo(RunStateName.REJECTED);
    assertThat(run.error().path("message").asText()).contains("no-such-target");
  }

  @Test
  void anUnknownTargetOnKafkaRejectsTheRunAndIsNamed() {
    UUID id = UUID.randomUUID();
    suite.kafka().request(Map.of("runId", id, "operation", "EXECUTE", "target", "nowhere-at-all"));

    Run run = suite.api().awaitEnd(id);

    assertThat(run.state()).as("%s", run).isEqualTo(RunStateName.REJECTED);
    assertThat(run.error().path("message").asText()).contains("nowhere-at-all");
  }

  @Test
  void anUnknownMigrationRejectsTheRunAndIsNamed() {
    TestTarget target = suite.target().script("V1__a.sql", "create table a (id int primary key);");

    Run run = suite.api().execute(target, Map.of("migration", "NoSuchThing"));

    assertThat(run.state()).as("%s", run).isEqualTo(RunStateName.REJECTED);
    assertThat(run.error().path("message").asText()).contains("NoSuchThing");
    assertThat(target.hasTable("a")).isFalse();
    suite.invariantsHold(target);
  }

  @Test
  void aPolicyThatAsksForAProvenWayBackRejectsARunWithoutOne() {
    TestTarget target =
        suite
            .target("{ requireProvenRollback: true }")
            .script("V1__a.sql", "create table a (id int primary key);")
            .script("V2__gone.sql", "drop table a;");

    Run run = suite.api().execute(target);

    assertThat(run.state()).as("%s", run).isEqualTo(RunStateName.REJECTED);
    assertThat(run.error().path("message").asText())
        .contains("V2__gone.sql")
        .contains("requireProvenRollback");
    assertThat(target.hasTable("a")).isFalse();
  }

  private String report(JsonNode verdict) {
    Answer report = suite.api().get("/validation/reports/" + verdict.path("validationId").asText());
    assertThat(report.status()).as(report.body()).isEqualTo(200);
    return report.body();
  }

  private void assertOneAlert(Run run, String kind) {
    await("the alert")
        .atMost(Api.PATIENCE)
        .untilAsserted(
            () ->
                assertThat(suite.kafka().events(Topics.ALERT_RAISED, run.id()))
                    .extracting(alert -> alert.path("kind").asText())
                    .containsExactly(kind));
  }

  private static String hasColumn(String table, String column) {
    return "select exists (select from pg_attribute where attrelid = '%s'::regclass and attname = '%s' and not attisdropped)"
        .formatted(table, column);
  }
}

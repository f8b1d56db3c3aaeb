package io.whimbrel.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.whimbrel.event.RunStateName;
import io.whimbrel.event.Topics;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A real project's migrations, asked for in every way there is. */
@WholeSuite
class ExecuteST {
  private final Suite suite;

  ExecuteST(Suite suite) {
    this.suite = suite;
  }

  @Test
  void aRealProjectIsMigratedByRest() {
    TestTarget target = suite.target();
    Conductor.migrationsFor(target);

    Run run = suite.api().execute(target, Map.of("reason", "release 3.15"));

    assertMigrated(target, run);
    assertThat(run.json().path("requestedBy").asText()).isNotBlank();
    assertThat(run.json().path("reason").asText()).isEqualTo("release 3.15");
    assertThat(run.json().path("validation").path("before").path("valid").asBoolean()).isTrue();
    assertThat(run.json().path("validation").path("after").path("valid").asBoolean()).isTrue();
  }

  @Test
  void aRealProjectIsMigratedByACloudEvent() {
    TestTarget target = suite.target();
    Conductor.migrationsFor(target);
    UUID id = UUID.randomUUID();

    suite.kafka().request(Requests.execute(id, target));

    assertMigrated(target, suite.api().awaitEnd(id));
  }

  @Test
  void aRealProjectIsMigratedByPlainJson() {
    TestTarget target = suite.target();
    Conductor.migrationsFor(target);
    UUID id = UUID.randomUUID();

    suite.kafka().plainRequest(Requests.execute(id, target));

    assertMigrated(target, suite.api().awaitEnd(id));
  }

  @Test
  void aSecondRunFindsNothingPending() {
    TestTarget target = suite.target().script("V1__a.sql", "create table a (id int primary key);");
    suite.api().execute(target);

    Run second = suite.api().execute(target);

    assertThat(second.state()).as("%s", second).isEqualTo(RunStateName.COMPLETED);
    assertThat(second.scripts("APPLIED")).isEmpty();
    assertThat(History.of(target).applied()).containsExactly("1");
    suite.invariantsHold(target);
  }

  @Test
  void aRunBringsWhatItNamesAndNoMore() {
    TestTarget target =
        suite
            .target()
            .script("V1__First.sql", "create table first (id int primary key);")
            .script("V2__AddSecond.sql", "create table second (id int primary key);")
            .script("V3__Third.sql", "create table third (id int primary key);");

    Run upTo = suite.api().execute(target, Map.of("upTo", "1"));
    Run named = suite.api().execute(target, Map.of("migration", "AddSecond"));

    assertThat(upTo.scripts("APPLIED")).containsExactly("V1__First.sql");
    assertThat(named.scripts("APPLIED")).containsExactly("V2__AddSecond.sql");
    History.of(target).flywayAgrees("3");
    suite.invariantsHold(target);
  }

  @Test
  void aValidationAloneChangesNothing() {
    TestTarget target = suite.target().script("V1__a.sql", "create table a (id int primary key);");

    Run run = suite.api().command("/validate", Map.of("target", target.name()));

    assertThat(run.state()).as("%s", run).isEqualTo(RunStateName.COMPLETED);
    assertThat(target.hasTable("a")).isFalse();
    assertThat(History.of(target).applied()).isEmpty();
    suite.invariantsHold(target);
  }

  private void assertMigrated(TestTarget target, Run run) {
    assertThat(run.state()).as("%s", run).isEqualTo(RunStateName.COMPLETED);
    assertThat(run.scripts("APPLIED")).hasSize(Conductor.VERSIONS.length);
    assertThat(History.of(target).applied()).containsExactly(Conductor.VERSIONS);
    History.of(target).flywayAgrees();
    assertThat(List.of("task", "workflow", "queue_message", "meta_workflow_def"))
        .allMatch(target::hasTable);
    suite.invariantsHold(target);
    assertThat(suite.kafka().events(Topics.MIGRATION_PROGRESS, run.id()))
        .extracting(event -> event.path("state").asText())
        .contains("REQUESTED", "PLANNED", "VALIDATING", "BACKING_UP", "APPLYING", "VERIFYING");
  }
}

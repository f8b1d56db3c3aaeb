package io.whimbrel.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.whimbrel.event.Phase;
import io.whimbrel.event.RunStateName;
import io.whimbrel.event.Topics;
import io.whimbrel.local.ServiceProcess;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The validation service is killed (SIGKILL) while it looks, before and after the change. */
@Disturbing
class KilledValidationST {
  private static final Duration RECOVERY = Duration.ofSeconds(60);

  private final Suite suite;

  KilledValidationST(Suite suite) {
    this.suite = suite;
  }

  @Test
  void bothValidationsAreTakenUpAgainAndAnsweredOnce() {
    ServiceProcess validation = suite.stack().service("validation-service");
    TestTarget before = target("insert into child values (2, 1);");
    TestTarget after = target("insert into child values (2, 1);\n" + Hold.GATE + ";");
    UUID beforeRun;
    UUID afterRun;
    try (Hold table = Hold.table(before, "child")) {
      try (Hold gate = Hold.gate(after)) {
        afterRun = suite.api().begin(after, Map.of());
        gate.awaitWaiter();
        beforeRun = suite.api().begin(before, Map.of());
        table.awaitWaiter();
        // A report reads over several connections.
        assertThat(table.waiters("usename")).containsOnly(TestTarget.READER);
        validation.pause();
      }
      suite.api().awaitState(afterRun, "VERIFYING");

      validation.kill();
      validation.start();
      validation.awaitReady();
    }

    assertCompleted(before, beforeRun);
    assertCompleted(after, afterRun);
  }

  private void assertCompleted(TestTarget target, UUID id) {
    Run run = suite.api().awaitEnd(id, RECOVERY);
    assertThat(run.state()).as("%s", run).isEqualTo(RunStateName.COMPLETED);
    List<String> phases =
        suite.kafka().events(Topics.VALIDATION_COMPLETED, id).stream()
            .map(event -> event.path("phase").asText() + " " + event.path("validationId").asText())
            .distinct()
            .map(answer -> answer.substring(0, answer.indexOf(' ')))
            .toList();
    assertThat(phases).containsExactly(Phase.BEFORE.name(), Phase.AFTER.name());
    History.of(target).flywayAgrees();
    suite.invariantsHold(target);
  }

  /** A target whose foreign key PostgreSQL does not guarantee, so that a validation has to look. */
  private TestTarget target(String script) {
    return suite
        .target("{ lockTimeout: 60s }")
        .sql(
            """
            create table parent (id int primary key);
            create table child (id int primary key, parent_id int not null);
            insert into parent values (1);
            insert into child values (1, 1);
            alter table child add constraint child_parent
              foreign key (parent_id) references parent not valid;
            """)
        .script("V1__More.sql", script)
        .effect("1", "select exists (select from child where id = 2)");
  }
}

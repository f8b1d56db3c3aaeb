package io.whimbrel.validation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.whimbrel.event.Phase;
import io.whimbrel.event.Severity;
import io.whimbrel.event.ValidationCompleted;
import io.whimbrel.local.EmbeddedPostgres;
import io.whimbrel.local.test.KafkaResource;
import io.whimbrel.local.test.OidcResource;
import io.whimbrel.local.test.PostgresResource;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.awaitility.Awaitility;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(
    value = PostgresResource.class,
    initArgs = @ResourceArg(name = "database", value = "validation"))
@QuarkusTestResource(KafkaResource.class)
@QuarkusTestResource(OidcResource.class)
@QuarkusTestResource(TargetResource.class)
@SuppressWarnings("NullAway.Init")
class TakingPartIT {
  private static final Duration SOON = Duration.ofSeconds(30);

  @ConfigProperty(name = "kafka.bootstrap.servers")
  String bootstrap;

  @ConfigProperty(name = "whimbrel.targets.file")
  Path targets;

  @Inject ObjectMapper json;

  private final UUID run = UUID.randomUUID();
  private Wire wire;

  @BeforeEach
  void open() {
    wire = new Wire(bootstrap);
    TargetResource.run(
        """
        drop table if exists line, item;
        create table item (id int primary key);
        create table line (id int primary key, item_id int);
        insert into item values (1);
        insert into line values (1, 1);
        alter table line add constraint of_item foreign key (item_id) references item not valid;
        """);
  }

  @AfterEach
  void close() {
    TargetResource.declare(targets, "orders");
    wire.close();
  }

  @Test
  void aRunIsAnsweredOncePerPhaseHoweverOftenItAsks() {
    wire.ask("e-" + run, run, Phase.BEFORE, "orders", "line");
    wire.ask("e-" + run, run, Phase.BEFORE, "orders", "line");
    wire.ask("other-" + run, run, Phase.BEFORE, "orders", "line");
    ValidationCompleted answer = answer();
    assertThat(answer.valid()).isTrue();
    assertThat(answer.phase()).isEqualTo(Phase.BEFORE);
    assertThat(answer.findings()).isEmpty();

    wire.ask("after-" + run, run, Phase.AFTER, "orders", "line");
    Awaitility.await().atMost(SOON).until(() -> wire.answers(run).size() >= 2);
    wire.ask("late-" + run, run, Phase.BEFORE, "orders", "line");
    UUID next = UUID.randomUUID();
    wire.ask("next-" + run, next, Phase.BEFORE, "orders", "line");
    Awaitility.await().atMost(SOON).until(() -> !wire.answers(next).isEmpty());
    assertThat(wire.answers(run)).hasSize(2);
  }

  @Test
  void wrongRowsMakeARunInvalidAndTheReportNamesThem() throws JsonProcessingException {
    TargetResource.run("alter table line disable trigger all; insert into line values (2, 424242)");
    wire.ask("e-" + run, run, Phase.AFTER, "orders", "line", "not_there");
    ValidationCompleted answer = answer();
    assertThat(answer.valid()).isFalse();
    assertThat(answer.counts()).containsEntry(Severity.ERROR, 1L);
    ValidationCompleted.Finding finding = answer.findings().get(0);
    assertThat(finding.rule()).isEqualTo("fk_integrity");
    assertThat(finding.table()).isEqualTo("public.line");
    assertThat(finding.subject()).isEqualTo("of_item");
    assertThat(finding.rows()).isEqualTo(1);

    String report =
        RestAssured.given()
            .auth()
            .oauth2(OidcResource.token("admin"))
            .get("/api/v1/migrations/validation/reports/{id}", answer.validationId())
            .then()
            .statusCode(200)
            .extract()
            .asString();
    assertThat(json.readTree(report).at("/summary/failed").asInt()).isEqualTo(1);
    assertThat(json.readTree(report).at("/summary/total").asInt()).isEqualTo(14);
    assertThat(json.readTree(report).at("/results/0/findings/0/keys/0/id").asText()).isEqualTo("2");
    assertThat(json.readTree(report).at("/missing/0/name").asText()).isEqualTo("not_there");
    assertThat(json.readTree(report).at("/neighbours/0/name").asText()).isEqualTo("item");
    assertThat(report).doesNotContain("424242");
  }

  @Test
  void anUnreadableRecordIsSkippedAndTheNextIsAnswered() {
    wire.publish("bad-" + run, "orders", "{\"no\":");
    wire.publish("bad2-" + run, "orders", "{}");
    wire.ask("e-" + run, run, Phase.BEFORE, "orders", "line");
    assertThat(answer().valid()).isTrue();
  }

  @Test
  void theAnswerIsACloudEventOfTheTarget() {
    wire.ask("e-" + run, run, Phase.BEFORE, "orders", "line");
    answer();
    ConsumerRecord<String, String> record = wire.answers(run).get(0);
    assertThat(record.key()).isEqualTo("orders");
    assertThat(new String(record.headers().lastHeader("ce_subject").value(), UTF_8))
        .isEqualTo(run.toString());
    assertThat(new String(record.headers().lastHeader("ce_source").value(), UTF_8))
        .isEqualTo("/whimbrel/validation-service");
  }

  @Test
  void aTargetThatNobodyDeclaresMakesARunInvalid() {
    wire.ask("e-" + run, run, Phase.BEFORE, "nowhere", "line");
    ValidationCompleted answer = answer();
    assertThat(answer.valid()).isFalse();
    assertThat(answer.error()).contains("nowhere").contains("not declared");
  }

  @Test
  void aTargetThatIsDeclaredMeanwhileIsLookedAt() {
    wire.ask("e-" + run, run, Phase.BEFORE, "late", "line");
    TargetResource.declare(targets, "orders", "late");
    assertThat(answer().valid()).isTrue();
  }

  @Test
  void aLockedTableIsTriedAgain() throws SQLException {
    try (Connection blocker = EmbeddedPostgres.shared().connect(TargetResource.DATABASE);
        Statement statement = blocker.createStatement()) {
      blocker.setAutoCommit(false);
      statement.execute("lock table line");
      wire.ask("e-" + run, run, Phase.BEFORE, "orders", "line");
      UUID other = UUID.randomUUID();
      wire.ask("other-" + run, other, Phase.BEFORE, "orders");
      Awaitility.await().atMost(SOON).until(() -> !wire.answers(other).isEmpty());
      assertThat(wire.answers(run)).isEmpty();
    }
    assertThat(answer().valid()).isTrue();
  }

  @Test
  void aClaimOfADeadInstanceIsTakenOverWhenItRunsOut() {
    UUID id = UUID.randomUUID();
    EmbeddedPostgres.shared()
        .execute(
            "validation",
            """
            insert into validation
              (id, run_id, phase, target, tables, state, claim, lease_until, started_at)
            values ('%s', '%s', 'AFTER', 'orders', '[{"schema":"public","name":"line"}]',
                    'RUNNING', gen_random_uuid(), now() + interval '1 second', now())
            """
                .formatted(id, run));
    ValidationCompleted answer = answer();
    assertThat(answer.validationId()).isEqualTo(id);
    assertThat(answer.valid()).isTrue();
  }

  private ValidationCompleted answer() {
    List<ConsumerRecord<String, String>> answers =
        Awaitility.await().atMost(SOON).until(() -> wire.answers(run), found -> !found.isEmpty());
    try {
      return json.readValue(answers.get(0).value(), ValidationCompleted.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}

package io.whimbrel.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.whimbrel.event.RunStateName;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Kafka goes away in the middle of a run and comes back. */
@Disturbing
class KafkaRestartST {
  private final Suite suite;

  KafkaRestartST(Suite suite) {
    this.suite = suite;
  }

  @Test
  void aRunGoesOnWithoutKafkaAndIsToldWhenItIsBack() {
    TestTarget target =
        suite
            .target("{ lockTimeout: 60s }")
            .script("V1__a.sql", "create table a (id int primary key);\n" + Hold.GATE + ";")
            .effect("1", "select to_regclass('a') is not null")
            .script("V2__b.sql", "create table b (id int primary key);")
            .effect("2", "select to_regclass('b') is not null");
    UUID id;
    try (Hold gate = Hold.gate(target)) {
      id = suite.api().begin(target, Map.of());
      gate.awaitWaiter();
      suite.stack().kafka().kill();
    }
    assertThat(suite.api().awaitState(id, "VERIFYING").state()).isEqualTo(RunStateName.VERIFYING);
    Answer refused = suite.api().post("/execute", Map.of("target", target.name()));
    assertThat(refused.status()).as(refused.body()).isEqualTo(503);
    assertThat(refused.header("Retry-After")).isNotEmpty();

    suite.stack().kafka().start();

    Run run = suite.api().awaitEnd(id, Duration.ofSeconds(60));
    assertThat(run.state()).as("%s", run).isEqualTo(RunStateName.COMPLETED);
    await("all outboxes to be seen")
        .atMost(Api.PATIENCE)
        .untilAsserted(
            () ->
                assertThat(suite.api().get("/metrics").json().path("outboxLag").properties())
                    .extracting(Map.Entry::getKey)
                    .containsExactly(
                        "migration-executor", "monitoring-service", "validation-service"));
    History.of(target).flywayAgrees();
    suite.invariantsHold(target);
  }
}

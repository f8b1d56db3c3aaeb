package io.whimbrel.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.whimbrel.event.RunStateName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Many requests for one target. */
@WholeSuite
class QueueST {
  private final Suite suite;

  QueueST(Suite suite) {
    this.suite = suite;
  }

  @Test
  void fiftyRequestsAtOnceRunOneAfterTheOther() throws Exception {
    TestTarget target = suite.target();
    for (int version = 1; version <= 5; version++) {
      target
          .script(
              "V%d__t.sql".formatted(version),
              "create table t%d (id int primary key);".formatted(version))
          .effect(
              Integer.toString(version),
              "select to_regclass('t%d') is not null".formatted(version));
    }

    Set<UUID> ids = sendFiftyRequests(target);

    assertThat(ids).hasSize(40);
    for (UUID id : ids) {
      Run run = suite.api().awaitEnd(id, Duration.ofMinutes(3));
      assertThat(run.state()).as("%s", run).isEqualTo(RunStateName.COMPLETED);
    }
    assertThat(suite.api().runs(target))
        .extracting(Run::id)
        .containsExactlyInAnyOrderElementsOf(ids);
    assertThat(History.of(target).applied()).containsExactly("1", "2", "3", "4", "5");
    History.of(target).flywayAgrees();
    suite.invariantsHold(target);
  }

  /** 40 different ones, 20 by REST and 20 by Kafka, and 5 of each a second time, all at once. */
  private Set<UUID> sendFiftyRequests(TestTarget target) throws Exception {
    Api api = suite.api();
    List<Callable<UUID>> requests = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      String key = target.name() + "-" + i % 20;
      UUID id = UUID.nameUUIDFromBytes(key.getBytes(java.nio.charset.StandardCharsets.UTF_8));
      boolean plain = i % 2 == 0;
      requests.add(
          () ->
              Api.id(
                  api.post("/execute", Map.of("target", target.name()), "Idempotency-Key", key)));
      requests.add(
          () -> {
            if (plain) {
              suite.kafka().plainRequest(Requests.execute(id, target));
            } else {
              suite.kafka().request(Requests.execute(id, target));
            }
            return id;
          });
    }
    ExecutorService senders = Executors.newFixedThreadPool(10);
    try {
      Set<UUID> ids = new HashSet<>();
      for (Future<UUID> sent : senders.invokeAll(requests)) {
        ids.add(sent.get());
      }
      return ids;
    } finally {
      senders.shutdown();
    }
  }

  @Test
  void aQueuedRunIsCancelledAndNeverBegins() {
    TestTarget target =
        suite
            .target("{ lockTimeout: 60s }")
            .script("V1__Waits.sql", Hold.GATE + ";\ncreate table a (id int primary key);")
            .effect("1", "select to_regclass('a') is not null");
    UUID first;
    UUID second;
    try (Hold gate = Hold.gate(target)) {
      first = suite.api().begin(target, Map.of());
      gate.awaitWaiter();
      second = suite.api().begin(target, Map.of());
      suite.api().awaitState(second, "REQUESTED");

      Answer cancelled = suite.api().post("/runs/" + second + "/cancel", "");

      assertThat(cancelled.status()).as(cancelled.body()).isEqualTo(200);
    }
    Run ended = suite.api().awaitEnd(first);
    assertThat(ended.state()).as("%s", ended).isEqualTo(RunStateName.COMPLETED);
    Answer tooLate = suite.api().post("/runs/" + first + "/cancel", "");
    assertThat(tooLate.status()).as(tooLate.body()).isEqualTo(409);
    Run cancelled = suite.api().run(second);
    assertThat(cancelled.state()).isEqualTo(RunStateName.CANCELLED);
    assertThat(cancelled.json().has("startedAt")).isFalse();
    suite.invariantsHold(target);
  }

  @Test
  void aScriptAtWorkIsCancelledAndNothingOfItStays() {
    TestTarget target =
        suite
            .target("{ lockTimeout: 60s }")
            .script("V1__Waits.sql", "create table a (id int primary key);\n" + Hold.GATE + ";")
            .effect("1", "select to_regclass('a') is not null");
    Run run;
    try (Hold gate = Hold.gate(target)) {
      UUID id = suite.api().begin(target, Map.of());
      gate.awaitWaiter();

      assertThat(suite.api().post("/runs/" + id + "/cancel", "").status()).isEqualTo(202);

      run = suite.api().awaitEnd(id);
    }
    assertThat(run.state()).as("%s", run).isEqualTo(RunStateName.CANCELLED);
    assertThat(target.query("select to_regclass('a') is null")).containsExactly("t");
    suite.invariantsHold(target);
  }

  @Test
  void aRetriedCommandIsTheSameRun() {
    TestTarget target = suite.target().script("V1__a.sql", "create table a (id int primary key);");
    Map<String, String> body = Map.of("target", target.name());
    String key = UUID.randomUUID().toString();

    UUID first = Api.id(suite.api().post("/execute", body, "Idempotency-Key", key));
    UUID again = Api.id(suite.api().post("/execute", body, "Idempotency-Key", key));
    Run run = suite.api().awaitEnd(first);
    UUID late = Api.id(suite.api().post("/execute", body, "Idempotency-Key", key));

    assertThat(List.of(again, late)).containsOnly(first);
    assertThat(run.state()).as("%s", run).isEqualTo(RunStateName.COMPLETED);
    assertThat(suite.api().runs(target)).hasSize(1);
    suite.invariantsHold(target);
  }
}

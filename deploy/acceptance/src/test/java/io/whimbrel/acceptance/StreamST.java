package io.whimbrel.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.whimbrel.event.RunStateName;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** A run as server-sent events. */
@WholeSuite
class StreamST {
  private final Suite suite;

  StreamST(Suite suite) {
    this.suite = suite;
  }

  @Test
  void aReaderFromTheBeginningAndOneFromTheMiddleGetEveryEventOnce() {
    TestTarget target =
        suite
            .target("{ lockTimeout: 60s }")
            .script("V1__a.sql", "create table a (id int primary key);")
            .script("V2__Waits.sql", Hold.GATE + ";\ninsert into a values (1);");
    UUID id;
    CompletableFuture<List<JsonNode>> early;
    CompletableFuture<List<JsonNode>> late;
    try (Hold gate = Hold.gate(target)) {
      id = suite.api().begin(target, Map.of());
      early = CompletableFuture.supplyAsync(() -> suite.api().published(id));
      gate.awaitWaiter();
      late = CompletableFuture.supplyAsync(() -> suite.api().published(id));
    }

    Run run = suite.api().awaitEnd(id);

    assertThat(run.state()).as("%s", run).isEqualTo(RunStateName.COMPLETED);
    assertWhole(early.join());
    assertWhole(late.join());
    suite.invariantsHold(target);
  }

  private static void assertWhole(List<JsonNode> events) {
    assertThat(events)
        .extracting(event -> event.path("sequence").asLong())
        .containsExactlyElementsOf(LongStream.rangeClosed(1, events.size()).boxed().toList());
    assertThat(events.get(events.size() - 1).path("state").asText()).isEqualTo("COMPLETED");
  }
}

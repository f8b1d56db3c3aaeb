package io.whimbrel.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** Commands that no request on Kafka tells of, and those that were refused, are in the trail. */
@WholeSuite
class AuditST {

  private final Suite suite;

  AuditST(Suite suite) {
    this.suite = suite;
  }

  @Test
  void whatEachServiceDoesOrRefusesIsEnteredWithItsCallerAndOutcome() {
    String before = position();
    UUID run = UUID.randomUUID();
    TestTarget target = suite.target("{}").sql("create table t (id int primary key)");
    assertThat(suite.api().post("/runs/" + run + "/cancel", "").status()).isEqualTo(404);
    assertThat(suite.api("none").post("/execute", Map.of("target", target.name())).status())
        .isEqualTo(403);
    assertThat(
            suite
                .api()
                .post("/validation/specific", Map.of("target", target.name(), "mode", "quick"))
                .status())
        .isEqualTo(202);

    await()
        .atMost(Api.PATIENCE)
        .untilAsserted(
            () ->
                assertThat(entriesSince(before))
                    .contains(
                        "CANCEL REFUSED HTTP 404",
                        "EXECUTE REFUSED HTTP 403",
                        "VALIDATE_SPECIFIC ACCEPTED HTTP 202"));
    JsonNode cancel = suite.api().get("/audit?subject=" + run).json().path("entries").path(0);
    assertThat(cancel.path("source").asText()).isEqualTo("REST /whimbrel/api-gateway");
    assertThat(cancel.path("caller").asText()).isNotEmpty();
    assertThat(suite.api().post("/audit/verify", "").json().path("valid").asBoolean()).isTrue();
  }

  private String position() {
    return suite.api().get("/audit?limit=1").json().at("/entries/0/position").asText("0");
  }

  private List<String> entriesSince(String position) {
    JsonNode entries = suite.api().get("/audit?limit=200").json().path("entries");
    return StreamSupport.stream(entries.spliterator(), false)
        .filter(entry -> entry.path("position").asLong() > Long.parseLong(position))
        .map(
            entry ->
                "%s %s %s"
                    .formatted(
                        entry.path("command").asText(),
                        entry.path("outcome").asText(),
                        entry.path("detail").asText()))
        .toList();
  }
}

package io.whimbrel.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.whimbrel.local.test.ApiContract;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;

/** What the services really answer is what the OpenAPI document of the gateway says. */
@WholeSuite
class OpenApiST {
  private static final String BASE = "/api/v1/migrations";

  private final Suite suite;
  private final JsonNode document = document();
  private final ApiContract contract = new ApiContract(document);
  private final SoftAssertions softly = new SoftAssertions();

  OpenApiST(Suite suite) {
    this.suite = suite;
  }

  @Test
  void theAnswersAreAsDocumented() {
    TestTarget target = suite.target().script("V1__a.sql", "create table a (id int primary key);");
    UUID run = suite.api().begin(target, Map.of());
    suite.api().awaitEnd(run);
    JsonNode ended = read("/runs/" + run);
    JsonNode backup = read("/backups?limit=1&target=" + target.name()).at("/backups/0/backupId");
    JsonNode report = ended.at("/validation/before/validationId");
    Answer plan = suite.api().post("/plan", Map.of("target", target.name()));
    documented("POST", "/plan", plan, 200);

    for (String path :
        new String[] {
          "/status",
          "/runs?limit=1",
          "/runs/" + run,
          "/runs/" + run + "/events",
          "/plans/" + plan.json().path("planId").asText(),
          "/catalog?target=" + target.name(),
          "/targets",
          "/backups?target=" + target.name(),
          "/rollbacks/statistics",
          "/validation/rules",
          "/health",
          "/metrics",
          "/performance?runId=" + run,
          "/performance?target=" + target.name(),
          "/report?target=" + target.name(),
          "/export?format=ndjson&target=" + target.name(),
          "/alerts",
          "/alerts/silences",
          "/audit"
        }) {
      documented("GET", path, suite.api().get(path), 200);
    }
    documented(
        "GET", "/runs/" + UUID.randomUUID(), suite.api().get("/runs/" + UUID.randomUUID()), 404);
    documented("GET", "/runs?limit=0", suite.api().get("/runs?limit=0"), 400);
    if (backup.isTextual()) {
      documented(
          "GET",
          "/backups/" + backup.asText(),
          suite.api().get("/backups/" + backup.asText()),
          200);
    }
    if (report.isTextual()) {
      String path = "/validation/reports/" + report.asText();
      documented("GET", path, suite.api().get(path), 200);
    }
    softly.assertAll();
  }

  private JsonNode read(String path) {
    Answer answer = suite.api().get(path);
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return answer.json();
  }

  private void documented(String method, String path, Answer answer, int status) {
    softly
        .assertThat(answer.status())
        .as("%s %s: %s", method, path, answer.body())
        .isEqualTo(status);
    softly
        .assertThat(
            contract.faults(
                method, BASE + path, answer.status(), answer.header("Content-Type"), answer.body()))
        .as("%s %s", method, path)
        .isEmpty();
  }

  private static JsonNode document() {
    try {
      return new ObjectMapper(new YAMLFactory())
          .readTree(Path.of("../../api-gateway/src/main/resources/META-INF/openapi.yaml").toFile());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}

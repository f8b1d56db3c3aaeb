package io.whimbrel.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.whimbrel.event.RunStateName;
import io.whimbrel.local.ServiceProcess;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With each service killed in turn: what the gateway still answers, and that it recovers. */
@Disturbing
class DegradationST {
  private static final Map<String, List<String>> PARTS =
      Map.of(
          "migration-executor", List.of("/status", "/runs", "/catalog?target=demo", "/targets"),
          "validation-service", List.of("/validation/rules"),
          "monitoring-service", List.of("/metrics", "/alerts"));

  private final Suite suite;

  DegradationST(Suite suite) {
    this.suite = suite;
  }

  @ParameterizedTest
  @ValueSource(strings = {"migration-executor", "validation-service", "monitoring-service"})
  void onlyThePartOfAServiceThatIsDownIsMissing(String down) {
    TestTarget target = suite.target().script("V1__a.sql", "create table a (id int primary key);");
    ServiceProcess service = suite.stack().service(down);
    UUID taken;
    service.kill();
    try {
      SoftAssertions softly = new SoftAssertions();
      PARTS.forEach((owner, paths) -> paths.forEach(path -> answers(softly, down, owner, path)));
      softly.assertAll();
      // Kafka has it, whoever is away.
      taken = suite.api().begin(target, Map.of());
    } finally {
      service.start();
    }

    await("the gateway to answer for " + down)
        .atMost(Duration.ofSeconds(90))
        .untilAsserted(
            () ->
                assertThat(PARTS.getOrDefault(down, List.of()))
                    .allSatisfy(path -> assertThat(suite.api().get(path).status()).isEqualTo(200)));
    Run run = suite.api().awaitEnd(taken);
    assertThat(run.state()).as("%s", run).isEqualTo(RunStateName.COMPLETED);
    service.awaitReady();
    suite.invariantsHold(target);
  }

  private void answers(SoftAssertions softly, String down, String owner, String path) {
    Answer answer = suite.api().get(path);
    if (owner.equals(down)) {
      softly.assertThat(answer.status()).as(path).isEqualTo(503);
      softly.assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
      softly.assertThat(answer.header("Retry-After")).as(path).matches("[1-9][0-9]*");
      softly.assertThat(answer.json().path("service").asText()).as(path).isEqualTo(down);
    } else {
      softly.assertThat(answer.status()).as("%s: %s", path, answer.body()).isEqualTo(200);
    }
  }
}

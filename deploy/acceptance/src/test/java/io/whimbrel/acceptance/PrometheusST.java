package io.whimbrel.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.whimbrel.local.ServiceProcess;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real Prometheus with the files of deploy/observability, of which only the addresses and the
 * times are changed: it scrapes all services, and a rule fires and resolves.
 */
@Disturbing
class PrometheusST {
  private static final Path FILES = Path.of("../observability");
  private static final List<String> SERVICES =
      List.of("api-gateway", "migration-executor", "validation-service", "monitoring-service");

  private final Suite suite;
  private final HttpClient client = HttpClient.newHttpClient();
  private String url = "";

  PrometheusST(Suite suite) {
    this.suite = suite;
  }

  @Test
  void allServicesAreScrapedAndARuleFiresAndResolves(@TempDir Path home) throws Exception {
    assumeTrue(onPath(), "prometheus is not on the path; Debian has it");
    Process prometheus = start(home);
    try {
      await()
          .atMost(Api.PATIENCE)
          .ignoreExceptions()
          .untilAsserted(
              () ->
                  assertThat(texts(query("up{job=\"whimbrel\"} == 1"), "/metric/service"))
                      .containsExactlyInAnyOrderElementsOf(SERVICES));
      assertThat(texts(get("/api/v1/rules").at("/data/groups/0/rules"), "/health"))
          .isNotEmpty()
          .containsOnly("ok");
      assertThat(query("whimbrel_audit_head_position")).isNotEmpty();

      ServiceProcess validation = suite.stack().service("validation-service");
      validation.kill();
      await().atMost(Api.PATIENCE).until(this::firing, List.of("validation-service")::equals);
      validation.start();
      validation.awaitReady();
      await().atMost(Api.PATIENCE).until(this::firing, List::isEmpty);
    } finally {
      prometheus.destroy();
      assertThat(prometheus.waitFor(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  private Process start(Path home) throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    String scrape = Files.readString(FILES.resolve("prometheus.yml")).replace("15s", "1s");
    for (int i = 0; i < SERVICES.size(); i++) {
      String metrics = suite.stack().service(SERVICES.get(i)).metricsUrl();
      scrape = scrape.replace("localhost:908" + i, URI.create(metrics).getAuthority());
    }
    Path config = Files.writeString(home.resolve("prometheus.yml"), scrape);
    Files.writeString(
        home.resolve("whimbrel.rules.yml"),
        Files.readString(FILES.resolve("whimbrel.rules.yml")).replaceAll("for: \\d+m", "for: 1s"));
    url = "http://localhost:" + port;
    return new ProcessBuilder(
            "prometheus",
            "--config.file=" + config,
            "--storage.tsdb.path=" + home.resolve("data"),
            "--web.listen-address=localhost:" + port)
        .redirectErrorStream(true)
        .redirectOutput(home.resolve("prometheus.log").toFile())
        .start();
  }

  /** The services for which the rule that watches them fires. */
  private List<String> firing() throws IOException, InterruptedException {
    return StreamSupport.stream(get("/api/v1/alerts").at("/data/alerts").spliterator(), false)
        .filter(alert -> alert.at("/labels/alertname").asText().equals("WhimbrelServiceDown"))
        .filter(alert -> alert.path("state").asText().equals("firing"))
        .map(alert -> alert.at("/labels/service").asText())
        .toList();
  }

  private JsonNode query(String expression) throws IOException, InterruptedException {
    return get("/api/v1/query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8))
        .at("/data/result");
  }

  private JsonNode get(String path) throws IOException, InterruptedException {
    return Json.read(
        client
            .send(HttpRequest.newBuilder(URI.create(url + path)).build(), BodyHandlers.ofString())
            .body());
  }

  private static List<String> texts(JsonNode nodes, String pointer) {
    return StreamSupport.stream(nodes.spliterator(), false)
        .map(node -> node.at(pointer).asText())
        .toList();
  }

  private static boolean onPath() {
    return Stream.of(String.valueOf(System.getenv("PATH")).split(File.pathSeparator))
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, "prometheus")));
  }
}

package io.whimbrel.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.StreamSupport;

/** A caller of the REST API. */
final class Api {
  static final Duration PATIENCE = Duration.ofSeconds(90);

  private static final HttpClient CLIENT =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  private final String base;
  private final String token;

  /**
   * @param token empty for a caller without one
   */
  Api(String gatewayUrl, String token) {
    this.base = gatewayUrl + "/api/v1/migrations";
    this.token = token;
  }

  Answer get(String path) {
    return send(request(path).GET());
  }

  Answer post(String path, Map<String, ?> body, String... headers) {
    return post(path, Json.write(body), headers);
  }

  Answer post(String path, String body, String... headers) {
    HttpRequest.Builder request =
        request(path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return send(request);
  }

  /** Executes what is pending on a target and waits for the end. */
  Run execute(TestTarget target) {
    return execute(target, Map.of());
  }

  Run execute(TestTarget target, Map<String, ?> options) {
    return command("/execute", Json.with(options, "target", target.name()));
  }

  /** Sends a command with {@code Prefer: wait} and returns the finished run. */
  Run command(String path, Map<String, ?> body) {
    Answer answer = post(path, body, "Prefer", "wait=60");
    if (answer.status() == 200) {
      return new Run(answer.json());
    }
    assertThat(answer.status()).as(answer.body()).isEqualTo(202);
    return awaitEnd(id(answer));
  }

  /** Sends a command and returns the run, which may not have begun. */
  UUID begin(TestTarget target, Map<String, ?> options) {
    Answer answer = post("/execute", Json.with(options, "target", target.name()));
    assertThat(answer.status()).as(answer.body()).isEqualTo(202);
    return id(answer);
  }

  static UUID id(Answer accepted) {
    String location = accepted.header("Location");
    assertThat(location).contains("/api/v1/migrations/runs/");
    return UUID.fromString(location.substring(location.lastIndexOf('/') + 1));
  }

  Run run(UUID id) {
    Answer answer = get("/runs/" + id);
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return new Run(answer.json());
  }

  Run awaitEnd(UUID id) {
    return awaitEnd(id, PATIENCE);
  }

  Run awaitEnd(UUID id, Duration patience) {
    return await("run " + id + " to end")
        .atMost(patience)
        .pollInterval(Duration.ofMillis(300))
        .ignoreExceptions()
        .until(() -> run(id), Run::ended);
  }

  /** Waits for a state that a test holds the run in. */
  Run awaitState(UUID id, String state) {
    return await("run " + id + " to be " + state)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .ignoreExceptions()
        .until(() -> run(id), run -> run.ended() || run.state().name().equals(state));
  }

  /** All runs of a target, the oldest first. */
  List<Run> runs(TestTarget target) {
    List<Run> runs = new ArrayList<>();
    String cursor = "";
    do {
      JsonNode page = get("/runs?limit=100&target=" + target.name() + cursor).json();
      page.path("runs").forEach(line -> runs.add(0, new Run(line)));
      cursor = page.has("nextCursor") ? "&cursor=" + page.path("nextCursor").asText() : "";
    } while (!cursor.isEmpty());
    return runs;
  }

  /** What the executor says it has published of a run. */
  List<JsonNode> published(UUID id) {
    return sse(get("/runs/" + id + "/events").body());
  }

  private static List<JsonNode> sse(String stream) {
    return stream
        .lines()
        .filter(line -> line.startsWith("data:"))
        .map(line -> Json.read(line.substring("data:".length())))
        .toList();
  }

  List<JsonNode> alerts(TestTarget target) {
    JsonNode list = get("/alerts?limit=1000&target=" + target.name()).json();
    return StreamSupport.stream(list.path("alerts").spliterator(), false).toList();
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + path)).timeout(Duration.ofSeconds(100));
    return token.isEmpty() ? request : request.header("Authorization", "Bearer " + token);
  }

  private static Answer send(HttpRequest.Builder request) {
    try {
      return Answer.of(CLIENT.send(request.build(), BodyHandlers.ofString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}

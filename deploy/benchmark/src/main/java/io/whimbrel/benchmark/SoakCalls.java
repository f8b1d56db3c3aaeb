package io.whimbrel.benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A caller who tries again, under the same key, until a request is accepted. */
final class SoakCalls {
  private static final Duration PAUSE = Duration.ofMillis(500);
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final JsonMapper json = new JsonMapper();
  private final HttpClient client = HttpClient.newHttpClient();
  private final String base;
  private final String token;

  SoakCalls(String gateway, String token) {
    this.base = gateway + "/api/v1/migrations";
    this.token = token;
  }

  /** The id of the accepted run. */
  String execute(String target, @Nullable String migration) throws Exception {
    Map<String, String> body = new HashMap<>(Map.of("target", target));
    if (migration != null) {
      body.put("migration", migration);
    }
    return accepted("/execute", body);
  }

  /** The id of the accepted run. */
  String validate(String target) throws Exception {
    return accepted("/validate", Map.of("target", target));
  }

  private String accepted(String path, Map<String, String> body) throws Exception {
    String key = UUID.randomUUID().toString();
    HttpRequest request =
        request(path)
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", key)
            .POST(BodyPublishers.ofString(json.writeValueAsString(body)))
            .build();
    for (long end = System.nanoTime() + PATIENCE.toNanos(); System.nanoTime() < end; ) {
      HttpResponse<String> answer = send(request);
      if (answer != null && answer.statusCode() == 202) {
        return json.readTree(answer.body()).path("runId").asText();
      }
      if (answer != null && answer.statusCode() < 500 && answer.statusCode() != 429) {
        throw new IllegalStateException(path + " answered " + answer.statusCode());
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
    throw new IllegalStateException(path + " was not accepted within " + PATIENCE);
  }

  /** The states in which runs have ended; those that have not are left out. */
  Map<String, String> awaitEnds(Collection<String> runs, Duration patience) throws Exception {
    Map<String, String> ended = new HashMap<>();
    long end = System.nanoTime() + patience.toNanos();
    while (ended.size() < runs.size() && System.nanoTime() < end) {
      for (String run : runs) {
        if (!ended.containsKey(run)) {
          JsonNode found = get("/runs/" + run);
          if (found.hasNonNull("finishedAt")) {
            ended.put(run, found.path("state").asText());
          }
        }
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
    return ended;
  }

  /** Whether the monitoring service comes to know so many runs, all of them ended. */
  boolean awaitTotal(long runs, Duration patience) throws Exception {
    for (long end = System.nanoTime() + patience.toNanos(); System.nanoTime() < end; ) {
      JsonNode figures = get("/metrics").path("runs");
      if (figures.path("total").asLong() == runs && figures.path("active").asLong() == 0) {
        return true;
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
    return false;
  }

  long total() throws Exception {
    return get("/metrics").at("/runs/total").asLong();
  }

  boolean auditVerifies() throws Exception {
    HttpResponse<String> answer =
        send(request("/audit/verify").POST(BodyPublishers.noBody()).build());
    return answer != null && json.readTree(answer.body()).path("valid").asBoolean();
  }

  private JsonNode get(String path) throws Exception {
    HttpResponse<String> answer = send(request(path).GET().build());
    return answer != null && answer.statusCode() == 200
        ? json.readTree(answer.body())
        : json.createObjectNode();
  }

  /** Null while nobody answers. */
  private @Nullable HttpResponse<String> send(HttpRequest request) throws InterruptedException {
    try {
      return client.send(request, BodyHandlers.ofString());
    } catch (IOException e) {
      return null;
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(base + path))
        .timeout(Duration.ofSeconds(20))
        .header("Authorization", "Bearer " + token);
  }
}

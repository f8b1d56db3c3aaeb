package io.whimbrel.local.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The public API, as any client sees it. */
final class Gateway {

  private static final String API = "/api/v1/migrations";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private final String url;
  private final String token;

  Gateway(String url, String token) {
    this.url = url;
    this.token = token;
  }

  /**
   * Asks for a run.
   *
   * @return its id
   */
  String execute(Map<String, Object> command) throws IOException, InterruptedException {
    HttpRequest request =
        request("/execute")
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", UUID.randomUUID().toString())
            .timeout(Duration.ofSeconds(60))
            .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(command)))
            .build();
    HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
    Optional<String> location = answer.headers().firstValue("Location");
    if (answer.statusCode() != 202 || location.isEmpty()) {
      throw new IOException("The gateway answered " + answer.statusCode() + ": " + answer.body());
    }
    String address = location.get();
    return address.substring(address.lastIndexOf('/') + 1);
  }

  /** The run; empty while the executor does not know it yet, or cannot be asked. */
  Optional<JsonNode> run(String id) throws InterruptedException {
    try {
      HttpRequest request = request("/runs/" + id).timeout(Duration.ofSeconds(20)).GET().build();
      HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
      return answer.statusCode() == 200
          ? Optional.of(JSON.readTree(answer.body()))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Hands on the run's events as they come; returns when the stream ends. */
  void follow(String id, Consumer<JsonNode> reader) throws IOException, InterruptedException {
    HttpRequest request =
        request("/runs/" + id + "/events").header("Accept", "text/event-stream").GET().build();
    HttpResponse<Stream<String>> answer = http.send(request, HttpResponse.BodyHandlers.ofLines());
    try (Stream<String> lines = answer.body()) {
      if (answer.statusCode() != 200) {
        throw new IOException("The stream answered " + answer.statusCode());
      }
      lines
          .filter(line -> line.startsWith("data:"))
          .map(line -> parsed(line.substring(5)))
          .forEach(reader);
    } catch (java.io.UncheckedIOException e) {
      throw new IOException("The stream broke off", e);
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(url + API + path))
        .header("Authorization", "Bearer " + token);
  }

  private static JsonNode parsed(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("The stream carries something else than JSON", e);
    }
  }
}

package io.whimbrel.benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.whimbrel.local.LocalStack;
import io.whimbrel.local.ServiceProcess;
import io.whimbrel.local.StackOptions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The gateway in front of the executor: how long it takes from a command to its first statement on
 * the target, beyond what planning and backup take; how many commands a gateway on one core
 * accepts; and how long {@code GET /status} takes with many runs in the history.
 */
final class GatewayBenchmark {
  private static final String GATEWAY = "api-gateway";
  private static final String EXECUTOR = "migration-executor";
  private static final String TARGET = "watched";
  private static final int RUNS = 40;
  private static final int IN_FLIGHT = 64;
  private static final Duration ACCEPTING = Duration.ofSeconds(10);
  private static final int ASKED = 300;

  private final LocalStack stack;
  private final HttpClient client = HttpClient.newHttpClient();
  private final JsonMapper json = new JsonMapper();
  private final String token;

  private GatewayBenchmark(LocalStack stack) {
    this.stack = stack;
    this.token = stack.token("admin");
  }

  static void run(Options options) throws Exception {
    Map<String, String> unlimited = Map.of("WHIMBREL_RATE_PER_MINUTE", "0");
    try (LocalStack stack =
        LocalStack.start(StackOptions.temporary().gatewayAndExecutor().with(unlimited))) {
      System.out.printf(
          "gateway, %d runs, %d runs in history, fsync on, Java %s%n%n",
          RUNS, options.count(), Runtime.version());
      System.out.println("| what | |\n|---|---:|");
      new GatewayBenchmark(stack).run(options.count());
    }
  }

  private void run(int history) throws Exception {
    firstStatements();
    fill(history);
    status("GET /status at the executor", stack.service(EXECUTOR).url());
    status("GET /status through the gateway", stack.gatewayUrl());
    stack.service(EXECUTOR).stop();
    pinGateway();
    accepting();
  }

  private void firstStatements() throws Exception {
    Path catalog = Files.createDirectories(stack.home().resolve("watched"));
    // Rows to back up, and a table that the scripts touch.
    Files.writeString(
        catalog.resolve("V0__begin.sql"), "create table began (run int, at timestamptz);");
    for (int i = 1; i <= RUNS; i++) {
      Files.writeString(
          catalog.resolve("V%d__run.sql".formatted(i)),
          "insert into began values (%d, clock_timestamp());".formatted(i));
    }
    stack.createTarget(TARGET, List.of(catalog));
    execute("0");
    List<Double> whole = new ArrayList<>();
    List<Double> beyond = new ArrayList<>();
    List<Double> toPlan = new ArrayList<>();
    List<Double> inApply = new ArrayList<>();
    for (int i = 1; i <= RUNS; i++) {
      Instant sent = Instant.now();
      JsonNode run = execute(Integer.toString(i));
      Instant began = began(i);
      if (i > 5) {
        whole.add(millis(Duration.between(sent, began)));
        beyond.add(millis(Duration.between(sent, began)) - work(run));
        toPlan.add(millis(Duration.between(sent, startOf(run, "PLAN"))));
        inApply.add(millis(Duration.between(startOf(run, "APPLY"), began)));
      }
    }
    row("from POST /execute to the first statement, p50", "%.0f ms".formatted(p(whole, 50)));
    row("the same beyond planning and backup, p50", "%.0f ms".formatted(p(beyond, 50)));
    row("of it until planning begins, p50", "%.0f ms".formatted(p(toPlan, 50)));
    row("of it in the step that applies, p50", "%.0f ms".formatted(p(inApply, 50)));
  }

  private static Instant startOf(JsonNode run, String name) {
    for (JsonNode step : run.path("steps")) {
      if (step.path("step").asText().equals(name)) {
        return Instant.parse(step.path("startedAt").asText());
      }
    }
    throw new IllegalStateException("no step " + name + " in " + run);
  }

  /** A run without validations, with a backup. */
  private JsonNode execute(String version) throws Exception {
    String body =
        "{\"target\":\"%s\",\"migration\":\"%s\",\"validateBefore\":false,\"validateAfter\":false}"
            .formatted(TARGET, version);
    HttpResponse<String> answer =
        client.send(command("/execute", body, 60), BodyHandlers.ofString());
    JsonNode run = json.readTree(answer.body());
    if (!run.path("state").asText().equals("COMPLETED")) {
      throw new IllegalStateException(answer.statusCode() + " " + answer.body());
    }
    return run;
  }

  private Instant began(int run) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(stack.postgres().superuserUrl(TARGET));
        Statement statement = connection.createStatement();
        ResultSet rs = statement.executeQuery("select at from began where run = " + run)) {
      rs.next();
      return rs.getTimestamp(1).toInstant();
    }
  }

  /** Milliseconds of planning and backing up. */
  private static double work(JsonNode run) {
    double sum = 0;
    for (JsonNode step : run.path("steps")) {
      String name = step.path("step").asText();
      if (name.contains("PLAN") || name.contains("BACK")) {
        sum +=
            millis(
                Duration.between(
                    Instant.parse(step.path("startedAt").asText()),
                    Instant.parse(step.path("finishedAt").asText())));
      }
    }
    return sum;
  }

  private void fill(int history) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(stack.postgres().superuserUrl("executor"));
        Statement statement = connection.createStatement()) {
      statement.execute(
          """
          insert into run (run_id, operation, target, state, request, source, may_lose_data,
            requested_at, started_at, finished_at)
          select gen_random_uuid(), 'EXECUTE', '%s', case when n %% 20 = 0 then 'FAILED'
              else 'COMPLETED' end, '{}', 'benchmark', false, at, at, at + interval '3 s'
          from generate_series(1, %d) n, lateral (select now() - n * interval '1 minute' as at) t
          """
              .formatted(TARGET, history));
      statement.execute("vacuum analyze run");
    }
  }

  private void status(String what, String base) throws Exception {
    List<Double> millis = new ArrayList<>();
    for (int i = -20; i < ASKED; i++) {
      long began = System.nanoTime();
      HttpResponse<String> answer =
          client.send(request(base, "/status").GET().build(), BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw new IllegalStateException(answer.body());
      }
      if (i >= 0) {
        millis.add((System.nanoTime() - began) / 1e6);
      }
    }
    row(what + ", p50 and p99", "%.1f and %.1f ms".formatted(p(millis, 50), p(millis, 99)));
  }

  /** To the first core; the rest of the suite has the others. */
  private void pinGateway() throws IOException, InterruptedException {
    new ProcessBuilder("taskset", "-acp", "0", Long.toString(stack.service(GATEWAY).pid()))
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }

  private void accepting() throws Exception {
    accept(Duration.ofSeconds(5), Collections.synchronizedList(new ArrayList<>()));
    List<Double> millis = Collections.synchronizedList(new ArrayList<>());
    ServiceProcess gateway = stack.service(GATEWAY);
    Duration processor = processor(gateway);
    long began = System.nanoTime();
    int accepted = accept(ACCEPTING, millis);
    double seconds = (System.nanoTime() - began) / 1e9;
    double busy = millis(processor(gateway).minus(processor)) / 1e3;
    row("commands accepted a second", "%.0f".formatted(accepted / seconds));
    row("commands accepted a second of its processor", "%.0f".formatted(accepted / busy));
    row(
        "the answer to a command, p50 and p99 with %d at a time".formatted(IN_FLIGHT),
        "%.0f and %.0f ms".formatted(p(millis, 50), p(millis, 99)));
  }

  @SuppressWarnings("FutureReturnValueIgnored") // each gives its slot back, which is waited for
  private int accept(Duration time, List<Double> millis) throws Exception {
    Semaphore slots = new Semaphore(IN_FLIGHT);
    AtomicInteger accepted = new AtomicInteger();
    long end = System.nanoTime() + time.toNanos();
    while (System.nanoTime() < end) {
      slots.acquire();
      long began = System.nanoTime();
      CompletableFuture<HttpResponse<String>> answer =
          client.sendAsync(
              command("/validate", "{\"target\":\"nowhere\"}", 0), BodyHandlers.ofString());
      answer.whenComplete(
          (response, failure) -> {
            slots.release();
            if (response != null && response.statusCode() == 202) {
              accepted.incrementAndGet();
              millis.add((System.nanoTime() - began) / 1e6);
            }
          });
    }
    slots.acquire(IN_FLIGHT);
    return accepted.get();
  }

  private HttpRequest command(String path, String body, int wait) {
    HttpRequest.Builder request =
        request(stack.gatewayUrl(), path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body));
    return (wait > 0 ? request.header("Prefer", "wait=" + wait) : request).build();
  }

  private HttpRequest.Builder request(String base, String path) {
    return HttpRequest.newBuilder(URI.create(base + "/api/v1/migrations" + path))
        .header("Authorization", "Bearer " + token);
  }

  private static Duration processor(ServiceProcess service) {
    return ProcessHandle.of(service.pid())
        .flatMap(process -> process.info().totalCpuDuration())
        .orElseThrow(() -> new IllegalStateException("the service has ended"));
  }

  private static void row(String what, String value) {
    System.out.printf("| %s | %s |%n", what, value);
  }

  private static double millis(Duration duration) {
    return duration.toNanos() / 1e6;
  }

  private static double p(List<Double> values, int percent) {
    List<Double> sorted = values.stream().sorted().toList();
    return sorted.get(Math.min(sorted.size() - 1, sorted.size() * percent / 100));
  }
}

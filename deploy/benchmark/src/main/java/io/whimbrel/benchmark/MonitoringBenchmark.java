package io.whimbrel.benchmark;

import io.whimbrel.local.LocalStack;
import io.whimbrel.local.ServiceProcess;
import io.whimbrel.local.StackOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The monitoring service with a log of many events: how fast it takes them, what it answers in how
 * much time once they are there and once there are ten times as many, and what an export of all of
 * them costs. The events are on Kafka before the service starts; for the longer history they are
 * copied in its database. Rates are those of the clock, and of the service's own processor time,
 * which is what one core of its own would reach.
 */
final class MonitoringBenchmark {
  private static final String SERVICE = "monitoring-service";
  private static final int ASKED = 300;
  private static final int LONGER = 10;

  private final LocalStack stack;
  private final HttpClient client = HttpClient.newHttpClient();
  private final String token;

  private MonitoringBenchmark(LocalStack stack) {
    this.stack = stack;
    this.token = stack.token("admin");
  }

  static void run(Options options) throws Exception {
    try (LocalStack stack = LocalStack.start(StackOptions.temporary().monitoringAlone())) {
      System.out.printf(
          "monitoring, %d events of %d runs, fsync on, Java %s%n%n",
          options.count(), options.count() / RunEvents.OF_A_RUN, Runtime.version());
      System.out.println("| what | |\n|---|---:|");
      new MonitoringBenchmark(stack).run(options.count());
    }
  }

  private void run(int count) throws Exception {
    ServiceProcess service = stack.service(SERVICE);
    service.stop();
    RunEvents events = new RunEvents(Instant.now().minus(Duration.ofDays(30)));
    events.publish(stack.kafka().bootstrapServers(), count);
    service.start();
    service.awaitReady();
    ingest(service, count);
    analyze();
    export(count);
    answers(events, count);
    try (Connection connection = connection()) {
      new LongerHistory(connection, 2, RunEvents.DAYS).times(LONGER);
    }
    analyze();
    System.out.printf("%nThe same with %d events of %d runs:%n%n", LONGER * (long) count, runs());
    System.out.println("| what | |\n|---|---:|");
    answers(events, count);
  }

  private void answers(RunEvents events, int count) throws Exception {
    String day = "from=%s&to=%s".formatted(events.begin(), events.begin().plusSeconds(86_400));
    answers("GET /health", "/health");
    answers("GET /metrics, all times", "/metrics");
    answers("GET /metrics, a day", "/metrics?" + day);
    answers(
        "GET /metrics, a target and a day", "/metrics?target=" + RunEvents.target(7) + "&" + day);
    answers("GET /performance, one run", "/performance?runId=" + RunEvents.run(count / 20));
    answers("GET /alerts", "/alerts");
    answers("GET /audit", "/audit");
  }

  private void ingest(ServiceProcess service, long count) throws Exception {
    long before = logged();
    Duration processor = processor(service);
    long began = System.nanoTime();
    long now = before;
    while (now < count) {
      Thread.sleep(200);
      now = logged();
    }
    double seconds = (System.nanoTime() - began) / 1e9;
    double busy = processor(service).minus(processor).toMillis() / 1e3;
    System.out.printf("| events taken a second | %.0f |%n", (count - before) / seconds);
    System.out.printf("| events a second of its processor | %.0f |%n", (count - before) / busy);
  }

  private static Duration processor(ServiceProcess service) {
    return ProcessHandle.of(service.pid())
        .flatMap(process -> process.info().totalCpuDuration())
        .orElseThrow(() -> new IllegalStateException("the service has ended"));
  }

  private long logged() throws SQLException {
    return number("select coalesce(sum(events), 0) from event_count");
  }

  private long runs() throws SQLException {
    return number("select count(*) from run_picture");
  }

  private long number(String query) throws SQLException {
    try (Connection connection = connection();
        Statement statement = connection.createStatement();
        ResultSet rs = statement.executeQuery(query)) {
      rs.next();
      return rs.getLong(1);
    }
  }

  private void analyze() throws SQLException {
    try (Connection connection = connection();
        Statement statement = connection.createStatement()) {
      statement.execute("vacuum analyze");
    }
  }

  private Connection connection() throws SQLException {
    return DriverManager.getConnection(stack.postgres().superuserUrl("monitoring"));
  }

  private void answers(String what, String path) throws Exception {
    List<Long> nanos = new ArrayList<>();
    for (int i = -20; i < ASKED; i++) {
      long began = System.nanoTime();
      try (InputStream body = ask(path)) {
        body.transferTo(OutputStream.nullOutputStream());
      }
      if (i >= 0) {
        nanos.add(System.nanoTime() - began);
      }
    }
    List<Long> sorted = nanos.stream().sorted().toList();
    System.out.printf(
        "| %s, median and p99 | %.1f and %.1f ms |%n",
        what, sorted.get(ASKED / 2) / 1e6, sorted.get(ASKED * 99 / 100) / 1e6);
  }

  private void export(int count) throws Exception {
    long began = System.nanoTime();
    long bytes;
    try (InputStream body = ask("/export?format=ndjson")) {
      bytes = body.transferTo(OutputStream.nullOutputStream());
    }
    System.out.printf(
        "| export of %d events | %.1f s, %d MB |%n",
        count, (System.nanoTime() - began) / 1e9, bytes >> 20);
  }

  private InputStream ask(String path) throws IOException, InterruptedException {
    HttpResponse<InputStream> answer =
        client.send(
            HttpRequest.newBuilder(
                    URI.create(stack.service(SERVICE).url() + "/api/v1/migrations" + path))
                .header("Authorization", "Bearer " + token)
                .build(),
            BodyHandlers.ofInputStream());
    if (answer.statusCode() != 200) {
      throw new IllegalStateException(path + " answered " + answer.statusCode());
    }
    return answer.body();
  }
}

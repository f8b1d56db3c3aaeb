package io.whimbrel.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.whimbrel.event.RunStateName;
import io.whimbrel.local.ServiceProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Two instances of the executor share the work, and one takes over from the other. */
@Disturbing
class TwoExecutorsST {
  private static final int TARGETS = 20;
  private static final int RUNS_OF_A_TARGET = 10;
  // An exemplar may stand behind the value of a sample.
  private static final Pattern RUNS =
      Pattern.compile("(?m)^whimbrel_executor_runs_total\\{[^}]*} (\\S+)");
  private static final Map<String, Boolean> BARE =
      Map.of("validateBefore", false, "validateAfter", false, "createBackup", false);

  private final Suite suite;
  private final ServiceProcess first;
  private final ServiceProcess second;

  TwoExecutorsST(Suite suite) {
    this.suite = suite;
    this.first = suite.stack().service("migration-executor");
    this.second = suite.stack().startSecond("migration-executor");
  }

  @AfterAll
  void stopTheSecond() {
    second.stop();
  }

  @Test
  void twoHundredRunsRunOnceEach() throws Exception {
    double before = ended(first) + ended(second);
    List<TestTarget> targets = IntStream.range(0, TARGETS).mapToObj(i -> counted()).toList();
    List<UUID> ids = new ArrayList<>();
    for (int version = 1; version <= RUNS_OF_A_TARGET; version++) {
      for (TestTarget target : targets) {
        UUID id = UUID.randomUUID();
        Map<String, Object> request = Json.with(Requests.execute(id, target), "options", BARE);
        suite.kafka().request(Json.with(request, "upTo", Integer.toString(version)));
        ids.add(id);
      }
    }

    for (UUID id : ids) {
      Run run = suite.api().awaitEnd(id, Duration.ofMinutes(4));
      assertThat(run.state()).as("%s", run).isEqualTo(RunStateName.COMPLETED);
      assertThat(run.scripts("APPLIED")).hasSize(1);
    }

    for (TestTarget target : targets) {
      assertThat(target.query("select count(*) from counted"))
          .containsExactly(Integer.toString(RUNS_OF_A_TARGET));
      assertThat(History.of(target).applied()).hasSize(RUNS_OF_A_TARGET);
      suite.invariantsHold(target);
    }
    assertThat(ended(first) + ended(second) - before).isEqualTo(TARGETS * RUNS_OF_A_TARGET);
    assertThat(ended(second)).as("runs of the second instance").isPositive();
  }

  @Test
  void aFrozenExecutorIsReplacedAndDoesNoHarmWhenItWakesUp() {
    TestTarget target =
        suite
            .target("{ lockTimeout: 60s }")
            .sql("create table item (id int primary key)")
            .script("V1__a.sql", "insert into item values (1);\n" + Hold.GATE + ";")
            .effect("1", "select exists (select from item)");
    UUID id;
    ServiceProcess frozen;
    try (Hold gate = Hold.gate(target)) {
      id = suite.api().begin(target, Map.of());
      gate.awaitWaiter();
      int port = Integer.parseInt(gate.waiters("client_port").get(0));
      frozen = Sockets.has(first.pid(), port) ? first : second;
      frozen.pause();
    }
    await("the other executor to apply the script")
        .atMost(Duration.ofSeconds(60))
        .until(() -> History.of(target).applied().contains("1"));

    frozen.resume();

    Run run = suite.api().awaitEnd(id);
    assertThat(run.state()).as("%s", run).isEqualTo(RunStateName.COMPLETED);
    assertThat(target.query("select count(*) from item")).containsExactly("1");
    History.of(target).flywayAgrees();
    suite.invariantsHold(target);
  }

  /** How many runs an instance says it has brought to their end. */
  private static double ended(ServiceProcess executor) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(executor.metricsUrl()))
            .version(HttpClient.Version.HTTP_1_1)
            .build();
    String metrics = HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
    return RUNS.matcher(metrics)
        .results()
        .mapToDouble(sample -> Double.parseDouble(sample.group(1)))
        .sum();
  }

  /** A target where each of ten versions leaves one row, and fails if it is applied again. */
  private TestTarget counted() {
    TestTarget target = suite.target();
    target.sql("create table counted (version int primary key)");
    for (int version = 1; version <= RUNS_OF_A_TARGET; version++) {
      target
          .script(
              "V%d__Counts.sql".formatted(version),
              "insert into counted values (%d);".formatted(version))
          .effect(
              Integer.toString(version),
              "select exists (select from counted where version = %d)".formatted(version));
    }
    return target;
  }
}

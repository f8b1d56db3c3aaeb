package io.whimbrel.gateway.command;

import static io.whimbrel.gateway.support.Callers.API;
import static io.whimbrel.gateway.support.Callers.admin;
import static io.whimbrel.gateway.support.Callers.superAdmin;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.whimbrel.event.EventType;
import io.whimbrel.event.MigrationRequested;
import io.whimbrel.event.Operation;
import io.whimbrel.event.RollbackStrategy;
import io.whimbrel.event.RunOptions;
import io.whimbrel.event.Topics;
import io.whimbrel.gateway.support.FakeServices;
import io.whimbrel.gateway.support.Records;
import io.whimbrel.local.test.KafkaResource;
import io.whimbrel.local.test.OidcResource;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(KafkaResource.class)
@QuarkusTestResource(OidcResource.class)
@QuarkusTestResource(FakeServices.class)
class CommandIT {
  private static final String ORDERS = "{\"target\": \"orders\"}";

  @Inject ObjectMapper mapper;
  @Inject MeterRegistry metrics;

  @ConfigProperty(name = "kafka.bootstrap.servers")
  String kafka;

  @TestHTTPResource("/")
  @SuppressWarnings("NullAway.Init")
  URI gateway;

  @SuppressWarnings("NullAway.Init") // set by the resource itself
  FakeServices services;

  @SuppressWarnings("NullAway.Init")
  Records requested;

  @BeforeEach
  void listen() {
    services.reset();
    requested = new Records(kafka, Topics.MIGRATION_REQUESTED);
  }

  @AfterEach
  void stop() {
    requested.close();
  }

  @Test
  void anAcceptedCommandIsOnKafkaByThen() throws IOException {
    Instant before = Instant.now();

    Response response =
        admin()
            .contentType("application/json")
            .body(
                "{\"target\": \"orders\", \"migration\": \"AddUserTable\", \"atomic\": true,"
                    + " \"reason\": \"release 7\"}")
            .post(API + "/execute");

    List<ConsumerRecord<String, byte[]>> records = requested.seen();
    assertThat(records).hasSize(1);
    ConsumerRecord<String, byte[]> record = records.get(0);
    UUID run = UUID.fromString(response.path("runId"));
    assertThat(record.key()).isEqualTo("orders");
    assertThat(header(record, "ce_specversion")).isEqualTo("1.0");
    assertThat(header(record, "ce_type")).isEqualTo(EventType.MIGRATION_REQUESTED.cloudEventType());
    assertThat(header(record, "ce_source")).isEqualTo("/whimbrel/api-gateway");
    assertThat(header(record, "ce_subject")).isEqualTo(run.toString());
    assertThat(UUID.fromString(header(record, "ce_id"))).isNotEqualTo(run);
    assertThat(header(record, "content-type")).isEqualTo("application/json");
    assertThat(record.headers().lastHeader("traceparent")).as("while tracing is off").isNull();
    assertThat(Instant.parse(header(record, "ce_time")))
        .isBetween(before.minusSeconds(1), Instant.now().plusSeconds(1));
    MigrationRequested event = mapper.readValue(record.value(), MigrationRequested.class);
    assertThat(event)
        .isEqualTo(
            new MigrationRequested(
                run,
                Operation.EXECUTE,
                "orders",
                "AddUserTable",
                null,
                null,
                null,
                null,
                new RunOptions(true, true, true, true, true, true, false),
                "test-user",
                "release 7",
                Instant.parse(header(record, "ce_time"))));
  }

  @Test
  void anAcceptedCommandSaysWhichRunItIsAndWhereThatIs() {
    Response response = post("/validate", ORDERS);

    String self = API + "/runs/" + response.path("runId");
    response
        .then()
        .statusCode(202)
        .contentType("application/json")
        .header("Location", self)
        .body("target", equalTo("orders"))
        .body("operation", equalTo("VALIDATE"))
        .body("state", equalTo("REQUESTED"))
        .body("links.self", equalTo(self))
        .body("links.events", equalTo(self + "/events"))
        .body("links.cancel", equalTo(self + "/cancel"));
  }

  @Test
  void aRollbackNamesWhatItTakesBack() throws IOException {
    UUID run = UUID.randomUUID();

    post("/rollback", "{\"target\": \"orders\", \"runId\": \"" + run + "\"}")
        .then()
        .statusCode(202);

    MigrationRequested event = event(requested.seen().get(0));
    assertThat(event.operation()).isEqualTo(Operation.ROLLBACK);
    assertThat(event.rollbackOf()).isEqualTo(run);
    assertThat(event.strategy()).isEqualTo(RollbackStrategy.AUTO);
  }

  @Test
  void losingDataIsForSuperAdmins() throws IOException {
    String body = "{\"target\": \"orders\", \"downTo\": \"3\", \"acceptDataLoss\": true}";

    post("/rollback", body)
        .then()
        .statusCode(403)
        .contentType("application/problem+json")
        .body("detail", containsString("super-admin"));
    post("/execute", "{\"target\": \"orders\", \"acceptDataLoss\": true}").then().statusCode(403);
    assertThat(requested.seen()).isEmpty();

    superAdmin()
        .contentType("application/json")
        .body(body)
        .post(API + "/rollback")
        .then()
        .statusCode(202);
    assertThat(event(requested.seen().get(0)).options())
        .isEqualTo(new RunOptions(true, true, true, true, true, false, true));
  }

  @Test
  void theRisksThatASuperAdminTakesAreVouchedForAndThoseOfOthersAreNot() throws IOException {
    String body = "{\"target\": \"orders\", \"acceptRisks\": [\"column-dropped\"]}";

    post("/execute", body).then().statusCode(202);
    superAdmin()
        .contentType("application/json")
        .body(body)
        .post(API + "/execute")
        .then()
        .statusCode(202);
    superAdmin().contentType("application/json").body(ORDERS).post(API + "/execute");

    List<ConsumerRecord<String, byte[]>> records = requested.seen();
    assertThat(records.stream().map(r -> r.headers().lastHeader(SuperAdminGrant.HEADER) != null))
        .containsExactly(false, true, false);
    RunOptions options = Objects.requireNonNull(event(records.get(0)).options());
    assertThat(options.acceptRisks()).containsExactly("column-dropped");
  }

  @Test
  void whatIsNoCommandIsRefusedAndNotPublished() {
    for (String body :
        List.of(
            "",
            "{",
            "[]",
            "null",
            "{\"target\": \"orders\", \"SECRET\": 1}",
            "{\"target\": \"orders\", \"acceptRisks\": [\"SECRET\"]}",
            "{\"target\": \"orders\", \"target\": \"SECRET\"}",
            ORDERS + "SECRET",
            "[".repeat(30_000))) {
      post("/execute", body)
          .then()
          .statusCode(400)
          .contentType("application/problem+json")
          .body("status", equalTo(400))
          .body("title", notNullValue())
          .body("detail", not(containsString("SECRET")));
    }
    assertThat(requested.seen()).isEmpty();
  }

  @Test
  void invalidUtf8IsRefused() {
    byte[] body = "{\"target\": \"orders\", \"reason\": \"\u00e9\"}".getBytes(ISO_8859_1);

    admin()
        .contentType("application/json")
        .body(body)
        .post(API + "/execute")
        .then()
        .statusCode(400)
        .body("detail", containsString("UTF-8"));
  }

  @Test
  void aBodyOfMoreThan64KilobytesIsRefused() {
    String fitting = "{\"target\": \"orders\"" + " ".repeat(65_536 - 20) + "}";
    assertThat(fitting).hasSizeLessThanOrEqualTo(65_536);

    post("/execute", fitting).then().statusCode(202);
    post("/execute", fitting + " ".repeat(65_536))
        .then()
        .statusCode(413)
        .contentType("application/problem+json")
        .body("status", equalTo(413));
  }

  @Test
  void aBodyThatIsDeclaredTooLongIsNotEvenRead() throws IOException {
    try (Socket socket = new Socket(gateway.getHost(), gateway.getPort())) {
      socket.setSoTimeout(10_000);
      String head =
          """
          POST %s/execute HTTP/1.1
          Host: gateway
          Authorization: Bearer %s
          Content-Type: application/json
          Content-Length: 50000000

          """
              .formatted(API, OidcResource.token("admin"))
              .replace("\n", "\r\n");
      socket.getOutputStream().write(head.getBytes(UTF_8));

      // Until the gateway closes the connection, since it will not read the rest.
      assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8))
          .startsWith("HTTP/1.1 413")
          .contains("application/problem+json");
    }
  }

  @Test
  void otherContentTypesAreRefused() {
    for (String type :
        List.of("text/plain", "application/xml", "application/json; charset=utf-16")) {
      admin()
          .header("Content-Type", type)
          .body(ORDERS.getBytes(UTF_8))
          .post(API + "/execute")
          .then()
          .statusCode(415)
          .contentType("application/problem+json");
    }
    assertThat(requested.seen()).isEmpty();
  }

  @Test
  void whoWaitsGetsTheFinishedRun() {
    String run = keyed("wait-1").path("runId");
    services.json("/executor/runs/" + run, "{\"state\": \"COMPLETED\", \"n\": 1}");

    waiting("wait-1", 20)
        .then()
        .statusCode(200)
        .header("Preference-Applied", "wait")
        .contentType("application/json")
        .body("state", equalTo("COMPLETED"));
  }

  @Test
  void whoWaitsInVainIsToldThatTheCommandWasAccepted() {
    String run = keyed("wait-2").path("runId");
    services.json("/executor/runs/" + run, "{\"state\": \"APPLYING\"}");
    Instant before = Instant.now();

    waiting("wait-2", 2)
        .then()
        .statusCode(202)
        .header("Preference-Applied", equalTo(null))
        .body("state", equalTo("REQUESTED"))
        .body("runId", equalTo(run));
    assertThat(Duration.between(before, Instant.now())).isGreaterThan(Duration.ofMillis(1900));
  }

  @Test
  void commandsAreCounted() {
    double accepted = count("EXECUTE", "accepted");
    double refused = count("EXECUTE", "refused");

    post("/execute", ORDERS);
    post("/execute", "{}");

    assertThat(count("EXECUTE", "accepted")).isEqualTo(accepted + 1);
    assertThat(count("EXECUTE", "refused")).isEqualTo(refused + 1);
  }

  private double count(String operation, String outcome) {
    Counter counter =
        metrics
            .find("whimbrel.commands")
            .tags("operation", operation, "outcome", outcome)
            .counter();
    return counter == null ? 0 : counter.count();
  }

  private static Response waiting(String key, int seconds) {
    return admin()
        .contentType("application/json")
        .header("Idempotency-Key", key)
        .header("Prefer", "wait=" + seconds)
        .body(ORDERS)
        .post(API + "/execute");
  }

  private static Response keyed(String key) {
    return admin()
        .contentType("application/json")
        .header("Idempotency-Key", key)
        .body(ORDERS)
        .post(API + "/execute");
  }

  private static Response post(String path, String body) {
    // As bytes, since REST Assured pretty-prints text for its log, and runs out of memory at depth.
    return admin().contentType("application/json").body(body.getBytes(UTF_8)).post(API + path);
  }

  private MigrationRequested event(ConsumerRecord<String, byte[]> record) throws IOException {
    return mapper.readValue(record.value(), MigrationRequested.class);
  }

  private static String header(ConsumerRecord<String, byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), UTF_8);
  }
}

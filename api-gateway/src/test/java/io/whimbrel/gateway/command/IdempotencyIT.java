package io.whimbrel.gateway.command;

import static io.whimbrel.gateway.support.Callers.API;
import static io.whimbrel.gateway.support.Callers.admin;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.whimbrel.event.Topics;
import io.whimbrel.gateway.support.FakeServices;
import io.whimbrel.gateway.support.Records;
import io.whimbrel.local.test.KafkaResource;
import io.whimbrel.local.test.OidcResource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Commands under a key. Who has which key is tested where that is decided, in the executor. */
@QuarkusTest
@QuarkusTestResource(KafkaResource.class)
@QuarkusTestResource(OidcResource.class)
@QuarkusTestResource(FakeServices.class)
class IdempotencyIT {
  private static final String ORDERS = "{\"target\": \"orders\"}";

  private final String key = "key-" + UUID.randomUUID();

  @ConfigProperty(name = "kafka.bootstrap.servers")
  String kafka;

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
  void theSameCommandIsTheSameRunHoweverItIsWritten() {
    String run = execute(key, ORDERS).then().statusCode(202).extract().path("runId");

    for (String same : List.of(ORDERS, "{ \"migration\":null, \"target\":\"orders\" }")) {
      execute(key, same)
          .then()
          .statusCode(202)
          .header("Location", API + "/runs/" + run)
          .body("runId", equalTo(run));
    }
    assertThat(requested.seen()).hasSize(1);
    assertThat(execute(key + "x", ORDERS).<String>path("runId")).isNotEqualTo(run);
  }

  @Test
  void anotherCommandUnderTheKeyIsRefused() {
    execute(key, ORDERS).then().statusCode(202);

    for (Response other :
        List.of(
            execute(key, "{\"target\": \"orders\", \"atomic\": true}"),
            execute(key, "{\"target\": \"other\"}"),
            send(key, "/validate", ORDERS))) {
      other
          .then()
          .statusCode(422)
          .contentType("application/problem+json")
          .body("type", equalTo("/problems.md#key-reused"))
          .body("field", equalTo("Idempotency-Key"));
    }
    assertThat(requested.seen()).hasSize(1);
  }

  @Test
  void theSameCommandOnItsWayIsAConflict() {
    services.json(
        "/executor/keys/claim",
        "{\"outcome\": \"IN_PROGRESS\", \"runId\": \"%s\"}".formatted(UUID.randomUUID()));

    execute(key, ORDERS)
        .then()
        .statusCode(409)
        .contentType("application/problem+json")
        .header("Retry-After", notNullValue());
    assertThat(requested.seen()).isEmpty();
  }

  @Test
  void ofManyAtOnceOneIsPublished() throws Exception {
    List<Callable<Response>> senders = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      String body = i % 3 == 0 ? "{\"target\": \"orders\", \"atomic\": true}" : ORDERS;
      senders.add(() -> execute(key, body));
    }
    ExecutorService threads = Executors.newFixedThreadPool(10);
    Set<String> runs = new HashSet<>();
    try {
      for (Future<Response> answer : threads.invokeAll(senders)) {
        assertThat(answer.get().statusCode()).isIn(202, 409, 422);
        if (answer.get().statusCode() == 202) {
          runs.add(answer.get().path("runId"));
        }
      }
    } finally {
      threads.shutdownNow();
    }

    assertThat(runs).hasSize(1);
    assertThat(requested.seen()).hasSize(1);
  }

  @Test
  void aKeyThatCannotBeLookedUpIsNoCommand() {
    services.answer("/executor/keys/claim", 500, "text/plain", "oops");
    execute(key, ORDERS)
        .then()
        .statusCode(503)
        .contentType("application/problem+json")
        .header("Retry-After", notNullValue())
        .body("service", equalTo("migration-executor"));
    services.on("/executor/keys/claim", exchange -> exchange.close());
    execute(key, ORDERS).then().statusCode(503).body("service", equalTo("migration-executor"));
    assertThat(requested.seen()).isEmpty();

    services.reset();
    execute(key, ORDERS).then().statusCode(202);
  }

  @Test
  void aCommandWhoseEndCannotBeToldIsAcceptedAllTheSame() {
    services.on("/executor/keys/settle", exchange -> exchange.close());

    execute(key, ORDERS).then().statusCode(202);
    assertThat(requested.seen()).hasSize(1);
  }

  @Test
  void aMalformedKeyIsRefused() {
    for (String malformed : List.of("two words", "", "k".repeat(256))) {
      execute(malformed, ORDERS)
          .then()
          .statusCode(400)
          .contentType("application/problem+json")
          .body("field", equalTo("Idempotency-Key"));
    }
    admin()
        .contentType("application/json")
        .header("Idempotency-Key", "a", "b")
        .body(ORDERS)
        .post(API + "/execute")
        .then()
        .statusCode(400);
    assertThat(requested.seen()).isEmpty();
  }

  private static Response execute(String key, String body) {
    return send(key, "/execute", body);
  }

  private static Response send(String key, String path, String body) {
    return admin()
        .contentType("application/json")
        .header("Idempotency-Key", key)
        .body(body)
        .post(API + path);
  }
}

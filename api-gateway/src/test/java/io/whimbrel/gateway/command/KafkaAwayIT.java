package io.whimbrel.gateway.command;

import static io.restassured.RestAssured.given;
import static io.whimbrel.gateway.support.Callers.API;
import static io.whimbrel.gateway.support.Callers.admin;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import io.whimbrel.event.Topics;
import io.whimbrel.gateway.support.FakeServices;
import io.whimbrel.gateway.support.OwnKafka;
import io.whimbrel.gateway.support.Records;
import io.whimbrel.local.KafkaBroker;
import io.whimbrel.local.test.OidcResource;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(KafkaAwayIT.WithOwnKafka.class)
class KafkaAwayIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TestHTTPResource(value = "/health", management = true)
  @SuppressWarnings("NullAway.Init")
  URI health;

  @SuppressWarnings("NullAway.Init") // set by the resource itself
  KafkaBroker broker;

  @SuppressWarnings("NullAway.Init")
  FakeServices services;

  /** Other resources than the rest of the tests. */
  public static final class WithOwnKafka implements QuarkusTestProfile {
    @Override
    public List<TestResourceEntry> testResources() {
      return List.of(
          new TestResourceEntry(OidcResource.class),
          new TestResourceEntry(FakeServices.class),
          new TestResourceEntry(OwnKafka.class));
    }

    @Override
    public boolean disableGlobalTestResources() {
      return true;
    }
  }

  @Test
  void commandsAreRefusedWhileKafkaIsAwayAndTakenOnceItIsBack() {
    services.reset();
    services.json("/executor/status", "{}");

    // The gateway has started without Kafka.
    refused("key-1");
    given().get(health + "/live").then().statusCode(200);
    readyWithKafka(false);
    admin().get(API + "/status").then().statusCode(200);

    broker.start();
    try (Records requested = new Records(broker.bootstrapServers(), Topics.MIGRATION_REQUESTED)) {
      await().atMost(PATIENCE).until(() -> post("key-1").statusCode() == 202);
      await().atMost(PATIENCE).untilAsserted(() -> readyWithKafka(true));
      assertThat(requested.seen()).extracting(ConsumerRecord::key).containsOnly("orders");

      // It goes away while the gateway runs: no answer before the acknowledgement.
      broker.pause();
      CompletableFuture<Response> waiting = CompletableFuture.supplyAsync(() -> post("key-2"));
      await()
          .during(Duration.ofSeconds(2))
          .atMost(Duration.ofSeconds(5))
          .until(() -> !waiting.isDone());
      broker.resume();
      assertThat(waiting.join().statusCode()).isEqualTo(202);

      broker.kill();
      refused("key-3");
      await().atMost(PATIENCE).untilAsserted(() -> readyWithKafka(false));
      admin().get(API + "/status").then().statusCode(200);
      given().get(health + "/live").then().statusCode(200);
      broker.start();
      await().atMost(PATIENCE).until(() -> post("key-3").statusCode() == 202);
    }
  }

  /** Ready either way, and saying how Kafka is. */
  private void readyWithKafka(boolean reachable) {
    given()
        .get(health + "/ready")
        .then()
        .statusCode(200)
        .body("checks.find { it.name == 'kafka' }.data.reachable", equalTo(reachable));
  }

  private static void refused(String key) {
    post(key)
        .then()
        .statusCode(503)
        .contentType("application/problem+json")
        .header("Retry-After", "5")
        .body("service", equalTo("kafka"));
  }

  private static Response post(String key) {
    return admin()
        .contentType("application/json")
        .header("Idempotency-Key", key)
        .body("{\"target\": \"orders\"}")
        .post(API + "/execute");
  }
}

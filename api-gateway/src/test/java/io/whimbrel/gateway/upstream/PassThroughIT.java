package io.whimbrel.gateway.upstream;

import static io.restassured.RestAssured.given;
import static io.whimbrel.gateway.support.Callers.API;
import static io.whimbrel.gateway.support.Callers.admin;
import static io.whimbrel.gateway.support.Callers.with;
import static io.whimbrel.gateway.support.FakeServices.reply;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.whimbrel.gateway.support.FakeServices;
import io.whimbrel.local.test.KafkaResource;
import io.whimbrel.local.test.OidcResource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(KafkaResource.class)
@QuarkusTestResource(OidcResource.class)
@QuarkusTestResource(FakeServices.class)
class PassThroughIT {
  private static final UUID ID = UUID.randomUUID();

  @SuppressWarnings("NullAway.Init") // set by the resource itself
  FakeServices services;

  @BeforeEach
  void reset() {
    services.reset();
  }

  @Test
  void everythingIsAskedOfTheServiceThatHasIt() {
    Map<String, String> served = new HashMap<>();
    for (String path :
        List.of(
            "/status",
            "/runs",
            "/runs/" + ID,
            "/catalog",
            "/targets",
            "/backups",
            "/backups/" + ID,
            "/rollbacks/statistics")) {
      served.put(path, "/executor" + path);
    }
    for (String path : List.of("/validation/rules", "/validation/reports/" + ID)) {
      served.put(path, "/validation" + path);
    }
    for (String path : List.of("/health", "/metrics", "/alerts")) {
      served.put(path, "/monitoring" + path);
    }
    served.forEach(
        (path, upstream) -> {
          services.json(upstream, "{\"from\": \"" + upstream + "\"}");
          admin().get(API + path).then().statusCode(200).body("from", equalTo(upstream));
        });
  }

  @Test
  void aPlanIsAskedForAsARunWouldBeAndReadAsJsonOrAsAPage() {
    services.json("/executor/plan", "{\"planId\": \"" + ID + "\"}");
    services.answer("/executor/plans/" + ID, 200, "text/markdown;charset=UTF-8", "# Plan");

    admin()
        .contentType("application/json")
        .body(
            "{\"target\": \"orders\", \"upTo\": \"7\", \"createBackup\": false,"
                + " \"acceptRisks\": [\"column-dropped\"]}")
        .post(API + "/plan")
        .then()
        .statusCode(200)
        .body("planId", equalTo(ID.toString()));
    assertThat(services.requests().get(0).body())
        .contains("\"target\":\"orders\",\"upTo\":\"7\"")
        .contains("\"createBackup\":false")
        .contains("\"acceptRisks\":[\"column-dropped\"]");

    admin()
        .accept("text/markdown")
        .get(API + "/plans/" + ID)
        .then()
        .statusCode(200)
        .contentType("text/markdown;charset=UTF-8")
        .body(equalTo("# Plan"));
    assertThat(services.requests().get(1).header("Accept")).isEqualTo("text/markdown");
  }

  @Test
  void statusBodyTypeAndTagAreThoseOfTheService() {
    services.on(
        "/executor/runs/" + ID,
        exchange -> {
          exchange.getResponseHeaders().add("Content-Type", "application/problem+json");
          exchange.getResponseHeaders().add("ETag", "\"7\"");
          exchange.getResponseHeaders().add("Server", "secret/1.0");
          reply(exchange, 410, "{\"title\": \"Gone for good\"}");
        });

    admin()
        .get(API + "/runs/" + ID)
        .then()
        .statusCode(410)
        .contentType("application/problem+json")
        .header("ETag", "\"7\"")
        .header("Server", nullValue())
        .body("title", equalTo("Gone for good"));
  }

  @Test
  void anExportIsPassedOnAsItComes() {
    services.on(
        "/monitoring/export",
        exchange -> {
          exchange.getResponseHeaders().add("Content-Type", "text/csv;charset=utf-8");
          exchange.getResponseHeaders().add("Content-Disposition", "attachment; filename=x.csv");
          exchange.sendResponseHeaders(200, 0);
          for (int i = 0; i < 1_000; i++) {
            exchange.getResponseBody().write("0123456789".repeat(300).getBytes(UTF_8));
          }
          exchange.close();
        });

    byte[] body =
        admin()
            .get(API + "/export?format=csv&target=orders")
            .then()
            .statusCode(200)
            .contentType(startsWith("text/csv"))
            .header("Content-Disposition", "attachment; filename=x.csv")
            .extract()
            .asByteArray();

    assertThat(body).hasSize(3_000_000);
    assertThat(services.requests().get(0).uri())
        .startsWith("/monitoring/export?")
        .contains("format=csv", "target=orders");
  }

  @Test
  void aRefusedExportIsAProblem() {
    services.answer("/monitoring/export", 400, "application/problem+json", "{\"title\": \"Bad\"}");

    admin()
        .get(API + "/export?what=nothing")
        .then()
        .statusCode(400)
        .contentType("application/problem+json")
        .body("title", equalTo("Bad"));
  }

  @Test
  void anUnchangedResourceHasNoBody() {
    services.on("/executor/status", exchange -> reply(exchange, 304, ""));

    String body =
        admin()
            .header("If-None-Match", "\"7\"")
            .get(API + "/status")
            .then()
            .statusCode(304)
            .extract()
            .asString();

    assertThat(body).isEmpty();
    assertThat(services.requests().get(0).header("If-None-Match")).isEqualTo("\"7\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"executor/catalog", "validation/validation/rules"})
  void whatRarelyChangesHasATag(String place) {
    String path = API + place.substring(place.indexOf('/'));
    services.json("/" + place, "[1]");
    String tag =
        admin()
            .get(path)
            .then()
            .statusCode(200)
            .header("ETag", startsWith("W/"))
            .header("Cache-Control", "private, no-cache")
            .extract()
            .header("ETag");

    for (String known : List.of(tag, tag.substring(2), "\"other\", " + tag, "*")) {
      admin()
          .header("If-None-Match", known)
          .get(path)
          .then()
          .statusCode(304)
          .header("ETag", tag)
          .body(equalTo(""));
    }
    services.json("/" + place, "[2]");
    admin()
        .header("If-None-Match", tag)
        .get(path)
        .then()
        .statusCode(200)
        .header("ETag", not(tag))
        .body(equalTo("[2]"));
    services.answer("/" + place, 404, "application/problem+json", "{}");
    admin().header("If-None-Match", "*").get(path).then().statusCode(404);
  }

  @Test
  void theCallersTokenGoesAlong() {
    String token = OidcResource.token("admin");
    services.json("/executor/targets", "[]");

    with(token).header("X-Other", "stays here").get(API + "/targets").then().statusCode(200);

    FakeServices.Request asked = services.requests().get(0);
    assertThat(asked.header("Authorization")).isEqualTo("Bearer " + token);
    assertThat(asked.header("X-Other")).isNull();
  }

  @Test
  void knownParametersArePassedOnAndOthersRefused() {
    services.json("/executor/runs", "{}");

    admin().get(API + "/runs?target=orders&limit=5&cursor=a%2Bb%26c").then().statusCode(200);
    assertThat(services.requests().get(0).uri())
        .startsWith("/executor/runs?")
        .contains("target=orders", "limit=5", "cursor=a%2Bb%26c");
    for (String query : new String[] {"SECRET=1", "target=a&target=b", "target=%0aSECRET"}) {
      String body =
          admin()
              .get(API + "/runs?" + query)
              .then()
              .statusCode(400)
              .contentType("application/problem+json")
              .extract()
              .asString();
      assertThat(body).doesNotContain("SECRET");
    }
    admin().get(API + "/status?target=orders").then().statusCode(400);
    assertThat(services.requests()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"cancel", "pause", "resume"})
  void whatUsersWantOfARunIsDecidedByTheExecutor(String wish) {
    services.answer("/executor/runs/" + ID + "/" + wish, 409, "application/problem+json", "{}");

    admin().post(API + "/runs/" + ID + "/" + wish).then().statusCode(409);

    assertThat(services.requests().get(0).method()).isEqualTo("POST");
  }

  @Test
  void anOrderOfAValidationGoesToItsServiceWithItsBodyAndComesBackWithItsPlace() {
    services.on(
        "/validation/validation/specific",
        exchange -> {
          exchange.getResponseHeaders().add("Location", API + "/validation/reports/" + ID);
          reply(exchange, 202, "{}");
        });

    admin()
        .contentType("application/json")
        .body("{\"target\": \"orders\"}")
        .post(API + "/validation/specific")
        .then()
        .statusCode(202)
        .header("Location", endsWith("/validation/reports/" + ID));

    FakeServices.Request asked = services.requests().get(0);
    assertThat(asked.method()).isEqualTo("POST");
    assertThat(asked.body()).isEqualTo("{\"target\":\"orders\"}");
    assertThat(asked.header("Content-Type")).startsWith("application/json");
  }

  @Test
  void healthIsOpenToEveryone() {
    services.json("/monitoring/health", "{\"status\": \"UP\"}");

    given().get(API + "/health").then().statusCode(200).body("status", equalTo("UP"));

    assertThat(services.requests().get(0).header("Authorization")).isNull();
  }

  @Test
  void aServiceThatCutsTheConnectionIsUnavailable() {
    services.on("/validation/validation/rules", exchange -> exchange.close());

    admin()
        .get(API + "/validation/rules")
        .then()
        .statusCode(503)
        .contentType("application/problem+json")
        .header("Retry-After", "5")
        .body("service", equalTo("validation-service"));
  }

  @Test
  void aServiceThatDoesNotAnswerInTimeIsUnavailable() {
    CountDownLatch asked = new CountDownLatch(1);
    services.on(
        "/executor/catalog",
        exchange -> {
          try {
            asked.await();
          } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
          }
          exchange.close();
        });

    admin()
        .get(API + "/catalog?target=orders")
        .then()
        .statusCode(503)
        .header("Retry-After", "5")
        .body("service", equalTo("migration-executor"));
    asked.countDown();
  }
}

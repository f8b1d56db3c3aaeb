package io.whimbrel.monitoring.api;

import static io.restassured.RestAssured.given;
import static io.whimbrel.local.test.OidcResource.token;
import static io.whimbrel.monitoring.Published.publish;
import static io.whimbrel.monitoring.Runs.progress;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.oneOf;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.specification.RequestSpecification;
import io.whimbrel.event.RunStateName;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
class MonitoringApiIT {
  private static final String BASE = "/api/v1/migrations";
  private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");

  @Test
  void metricsAreThoseOfThePeriodAndTheTarget() {
    String target = target();
    publish(
        progress(UUID.randomUUID(), target, 1, RunStateName.COMPLETED, NOON),
        progress(UUID.randomUUID(), target, 1, RunStateName.FAILED, NOON.plusSeconds(60)),
        progress(UUID.randomUUID(), target, 1, RunStateName.APPLYING, NOON));
    eventually(
        () ->
            admin()
                .get(BASE + "/metrics?target=" + target)
                .then()
                .statusCode(200)
                .body("runs.total", equalTo(3))
                .body("runs.active", equalTo(1))
                .body("runs.outcomes.COMPLETED", equalTo(1))
                .body("runs.successRate", equalTo(0.5f))
                .body("targets[0].target", equalTo(target)));

    admin()
        .get(BASE + "/metrics?target=%s&from=%s&to=%s".formatted(target, NOON, NOON.plusSeconds(1)))
        .then()
        .body("runs.outcomes.FAILED", equalTo(null))
        .body("runs.outcomes.COMPLETED", equalTo(1))
        .body("runs.failureRate", equalTo(0f));
  }

  @Test
  void alertsAreListedTheNewestFirst() {
    String target = target();
    publish(
        progress(UUID.randomUUID(), target, 1, RunStateName.FAILED, NOON),
        progress(UUID.randomUUID(), target, 1, RunStateName.ROLLBACK_FAILED, NOON.plusSeconds(1)));

    eventually(
        () ->
            admin()
                .get(BASE + "/alerts?status=raised&target=" + target)
                .then()
                .statusCode(200)
                .body("alerts.kind", contains("ROLLBACK_FAILED", "RUN_FAILED"))
                .body("alerts[0].alertId", notNullValue()));
    admin()
        .get(BASE + "/alerts?severity=CRITICAL&target=" + target)
        .then()
        .body("alerts", hasSize(1));
    admin().get(BASE + "/alerts?limit=1&target=" + target).then().body("alerts", hasSize(1));
  }

  @Test
  void healthTellsAdminsTheReasonsAndOthersTheWord() {
    admin()
        .get(BASE + "/health")
        .then()
        .statusCode(200)
        .body("status", oneOf("healthy", "degraded", "unhealthy"))
        .body("checks.database.status", equalTo("healthy"))
        .body("checks.kafka.status", equalTo("healthy"))
        .body("checks.kafka.reason", equalTo("Kafka answers."))
        .body("checks.migrations.since", notNullValue())
        .body("checks.keySet()", hasSize(5));

    given().get(BASE + "/health").then().statusCode(200).body("keySet()", contains("status"));
    given()
        .auth()
        .oauth2(token())
        .get(BASE + "/health")
        .then()
        .statusCode(200)
        .body("keySet()", contains("status"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/metrics", "/alerts"})
  void onlyAdminsSeeFiguresAndAlerts(String path) {
    given()
        .get(BASE + path)
        .then()
        .statusCode(401)
        .contentType("application/problem+json")
        .header("WWW-Authenticate", "Bearer");
    given().auth().oauth2("no-token").get(BASE + path).then().statusCode(401);
    given().auth().oauth2(token("user")).get(BASE + path).then().statusCode(403);
    admin().get(BASE + path).then().statusCode(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/alerts?status=open",
        "/alerts?severity=loud",
        "/alerts?limit=0",
        "/alerts?limit=x",
        "/alerts?target=A%20B",
        "/metrics?from=yesterday",
        "/metrics?from=%2B999999999-01-01T00:00:00Z",
        "/metrics?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z"
      })
  void aBadParameterIsAProblemThatSaysWhatIsExpected(String query) {
    admin()
        .urlEncodingEnabled(false)
        .get(BASE + query)
        .then()
        .statusCode(400)
        .contentType(is("application/problem+json"))
        .body("detail", containsString(" is "));
  }

  private static void eventually(Runnable assertion) {
    await().atMost(Duration.ofSeconds(40)).untilAsserted(assertion::run);
  }

  private static RequestSpecification admin() {
    return given().auth().oauth2(token("admin"));
  }

  private static String target() {
    return "api-" + UUID.randomUUID();
  }
}

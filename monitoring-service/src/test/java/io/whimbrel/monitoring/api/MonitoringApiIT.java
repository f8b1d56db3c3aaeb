package io.whimbrel.monitoring.api;

import static io.restassured.RestAssured.given;
import static io.whimbrel.local.test.OidcResource.token;
import static io.whimbrel.monitoring.Published.publish;
import static io.whimbrel.monitoring.Runs.completed;
import static io.whimbrel.monitoring.Runs.progress;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.oneOf;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.specification.RequestSpecification;
import io.whimbrel.event.MigrationProgress.Applied;
import io.whimbrel.event.MigrationProgress.AppliedStatement;
import io.whimbrel.event.MigrationProgress.Prediction;
import io.whimbrel.event.MigrationProgress.Spent;
import io.whimbrel.event.RunStateName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
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
        .body("outboxLag", nullValue())
        .body("runs.outcomes.COMPLETED", equalTo(1))
        .body("runs.failureRate", equalTo(0f));

    eventually(
        () ->
            admin()
                .get(BASE + "/metrics")
                .then()
                .statusCode(200)
                .body("consumerLag.'monitoring-service'", greaterThanOrEqualTo(0))
                .body("outboxLag.'monitoring-service'", greaterThanOrEqualTo(0f)));
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
    String cursor =
        admin()
            .get(BASE + "/alerts?limit=1&target=" + target)
            .then()
            .body("alerts.kind", contains("ROLLBACK_FAILED"))
            .extract()
            .path("nextCursor");
    admin()
        .get(BASE + "/alerts?target=" + target + "&cursor=" + cursor)
        .then()
        .body("alerts.kind", contains("RUN_FAILED"))
        .body("nextCursor", nullValue());
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
        .body("checks.services.recommendation", notNullValue())
        .body("checks.migrations.threshold", containsString("0.5"))
        .body("checks.keySet()", hasSize(8));

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
  @ValueSource(
      strings = {
        "/metrics",
        "/alerts",
        "/alerts/silences",
        "/performance",
        "/report",
        "/export",
        "/audit"
      })
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
        "/alerts?cursor=x",
        "/alerts?cursor=0190d2a4-7f3c-4a53-8a1e-2f6d5f0c9b11",
        "/alerts?target=A%20B",
        "/metrics?from=yesterday",
        "/performance?runId=x",
        "/performance?limit=5000",
        "/report?format=pdf",
        "/export?format=xml",
        "/export?what=secrets",
        "/audit?before=0",
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

  @Test
  void aReportIsForMachinesEditorsAndBrowsers() {
    String target = target();
    UUID slow = UUID.randomUUID();
    for (int i = 0; i < 4; i++) {
      UUID runId = i == 3 ? slow : UUID.randomUUID();
      Instant begin = NOON.plusSeconds(600L * i);
      publish(
          progress(runId, target, 1, RunStateName.APPLYING, begin),
          progress(runId, target, 2, RunStateName.COMPLETED, begin.plusSeconds(i == 3 ? 90 : 10)));
    }
    eventually(
        () ->
            admin()
                .get(BASE + "/report?target=" + target)
                .then()
                .statusCode(200)
                .body("figures.runs.total", equalTo(4))
                .body("slowest[0].runId", equalTo(slow.toString()))
                .body("slowest[0].usualMs", equalTo(10_000))
                .body("slowest[0].regression", equalTo(true))
                .body("days[0].succeeded", equalTo(4)));

    admin()
        .get(BASE + "/report?format=html&target=" + target)
        .then()
        .statusCode(200)
        .contentType("text/html")
        .body(containsString("<svg"))
        .body(containsString(slow.toString()))
        .body(not(containsString("://")));
    admin()
        .get(BASE + "/report?format=markdown&target=" + target)
        .then()
        .statusCode(200)
        .contentType("text/markdown")
        .body(containsString("| whole runs | 4 |"));
    admin()
        .get(BASE + "/performance?runId=" + slow)
        .then()
        .statusCode(200)
        .body("run.phases.applying", equalTo(90_000));
    admin().get(BASE + "/performance?runId=" + UUID.randomUUID()).then().statusCode(404);
  }

  @Test
  void aReportHasWhatRunsTookBesidesTime() {
    String target = target();
    Applied applied = new Applied("V1__a.sql", 1_500, 7L, 30L, 8_192L, null, null);
    Spent spent = new Spent(2, 4_096L, 70L, 1L << 20, false, null);
    publish(completed(UUID.randomUUID(), target, 9, List.of(applied), spent, NOON));

    eventually(
        () ->
            admin()
                .get(BASE + "/report?format=markdown&target=" + target)
                .then()
                .statusCode(200)
                .body(containsString("| 1 | 4096 | 8192 | 0 | 30 | 2 |")));
    admin()
        .get(BASE + "/report?format=html&target=" + target)
        .then()
        .statusCode(200)
        .body(containsString("<td class=\"n\">4096</td><td class=\"n\">8192</td>"));
  }

  @Test
  void aRunHasItsMigrationsBesideWhatWasPredictedOfThemAndSaysWhatIsNotMeasured() {
    UUID run = UUID.randomUUID();
    UUID older = UUID.randomUUID();
    Applied applied =
        new Applied(
            "V1__a.sql",
            1_500,
            7L,
            0L,
            8_192L,
            new Prediction(1_000, 800, 1_200),
            List.of(
                new AppliedStatement(1, 3, true, 0, null),
                new AppliedStatement(3, 1_490, false, 7, 8_000L)));
    publish(
        completed(
            run, target(), 9, List.of(applied), new Spent(0, null, 70L, 1L << 20, false, 4L), NOON),
        completed(
            older,
            target(),
            9,
            List.of(new Applied("V1__a.sql", 5, 7L, 0L, null, null, null)),
            NOON));

    eventually(
        () ->
            admin()
                .get(BASE + "/performance?runId=" + run)
                .then()
                .statusCode(200)
                .body("migrations[0].migration", equalTo("V1__a.sql"))
                .body("migrations[0].durationMs", equalTo(1_500))
                .body("migrations[0].walBytes", equalTo(8_192))
                .body("migrations[0].predicted.highMs", equalTo(1_200f))
                .body("migrations[0].statements", nullValue())
                .body("statements.statement", contains(1, 3))
                .body("statements.rowsChanged", contains(0, 7))
                .body("statements.shared", contains(true, false))
                .body("statements.durationMs", contains(3, 1_490))
                .body("statements.walBytes", contains(null, 8_000))
                .body("spent.executorCpuMs", equalTo(70))
                .body("spent.executorShared", equalTo(false))
                .body("spent.connections", equalTo(4))
                .body("notMeasured.keySet()", contains("statementWalBytes", "temporaryBytes")));
    eventually(
        () ->
            admin()
                .get(BASE + "/performance?runId=" + older)
                .then()
                .statusCode(200)
                .body(
                    "notMeasured.keySet()",
                    contains(
                        "walBytes",
                        "statementRows",
                        "statementWalBytes",
                        "temporaryBytes",
                        "connections",
                        "executor")));
  }

  @Test
  void exportsAreWhatIsKept() {
    String target = target();
    publish(
        progress(UUID.randomUUID(), target, 1, RunStateName.PLANNED, NOON),
        progress(UUID.randomUUID(), target, 1, RunStateName.FAILED, NOON));
    eventually(
        () ->
            admin()
                .get(BASE + "/export?target=" + target)
                .then()
                .statusCode(200)
                .header("Content-Disposition", containsString("events.json"))
                .body("findAll { it.topic == 'migration.progress' }.size()", equalTo(2))
                .body("[0].payload.target", equalTo(target)));

    String csv = admin().get(BASE + "/export?what=runs&format=csv&target=" + target).asString();
    assertThat(csv.split("\r\n")).hasSize(3);
    String lines =
        admin().get(BASE + "/export?what=alerts&format=ndjson&target=" + target).asString();
    assertThat(lines.split("\n")).hasSize(1);
    assertThat(lines).contains("\"kind\":\"RUN_FAILED\"");
  }

  @Test
  void onlySuperAdminsForgetAndRebuild() {
    admin().delete(BASE + "/cleanup?olderThan=90d").then().statusCode(403);
    admin().post(BASE + "/rebuild").then().statusCode(403);
    given()
        .auth()
        .oauth2(token("super-admin"))
        .delete(BASE + "/cleanup?olderThan=90d")
        .then()
        .statusCode(200)
        .body("dryRun", equalTo(true));
    given()
        .auth()
        .oauth2(token("super-admin"))
        .delete(BASE + "/cleanup?olderThan=tomorrow")
        .then()
        .statusCode(400);
    given()
        .auth()
        .oauth2(token("super-admin"))
        .post(BASE + "/rebuild")
        .then()
        .statusCode(200)
        .body("removed", equalTo(0));
    admin()
        .get(BASE + "/audit?limit=1000")
        .then()
        .statusCode(200)
        .body("entries.command", hasItem("REBUILD"));
    admin().post(BASE + "/audit/verify").then().statusCode(200).body("valid", equalTo(true));
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

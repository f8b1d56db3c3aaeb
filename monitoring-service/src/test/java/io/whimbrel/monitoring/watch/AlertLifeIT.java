package io.whimbrel.monitoring.watch;

import static io.restassured.RestAssured.given;
import static io.whimbrel.local.test.OidcResource.token;
import static io.whimbrel.monitoring.Published.publish;
import static io.whimbrel.monitoring.Runs.completed;
import static io.whimbrel.monitoring.Runs.planned;
import static io.whimbrel.monitoring.Runs.progress;
import static io.whimbrel.monitoring.Runs.step;
import static io.whimbrel.monitoring.Runs.validated;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import com.sun.net.httpserver.HttpServer;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.specification.RequestSpecification;
import io.whimbrel.event.MigrationProgress;
import io.whimbrel.event.MigrationProgress.Applied;
import io.whimbrel.event.MigrationProgress.Drift;
import io.whimbrel.event.MigrationProgress.Drifted;
import io.whimbrel.event.MigrationProgress.Prediction;
import io.whimbrel.event.Phase;
import io.whimbrel.event.RunError;
import io.whimbrel.event.RunStateName;
import io.whimbrel.event.Topics;
import io.whimbrel.monitoring.Database;
import io.whimbrel.monitoring.Topic;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Alerts from their cause to their end, with everybody who is told. */
@QuarkusTest
@QuarkusTestResource(value = AlertLifeIT.Sinks.class, restrictToAnnotatedClass = true)
class AlertLifeIT {
  private static final String BASE = "/api/v1/migrations";
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  @Inject Watch watch;

  private final String target = "life-" + UUID.randomUUID();
  private final Instant now = Instant.now();

  /** A webhook that fails the first time each delivery comes, and a mail server. */
  public static final class Sinks implements QuarkusTestResourceLifecycleManager {
    record Posted(String delivery, String signature, String body) {}

    static final ConcurrentLinkedQueue<Posted> POSTED = new ConcurrentLinkedQueue<>();
    static final AtomicInteger REFUSED = new AtomicInteger();
    static final GreenMail MAIL =
        new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
    private static final ConcurrentLinkedQueue<String> SEEN = new ConcurrentLinkedQueue<>();

    @SuppressWarnings("NullAway.Init") // set when it starts
    private HttpServer server;

    @Override
    public Map<String, String> start() {
      try {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
      server.createContext(
          "/",
          exchange -> {
            String delivery = exchange.getRequestHeaders().getFirst("Whimbrel-Delivery");
            String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
            if (SEEN.contains(delivery)) {
              POSTED.add(
                  new Posted(
                      delivery, exchange.getRequestHeaders().getFirst("Whimbrel-Signature"), body));
              exchange.sendResponseHeaders(204, -1);
            } else {
              SEEN.add(delivery);
              REFUSED.incrementAndGet();
              exchange.sendResponseHeaders(503, -1);
            }
            exchange.close();
          });
      server.start();
      MAIL.start();
      return Map.of(
          "migration.alerts.sinks.webhook.url",
          "http://localhost:" + server.getAddress().getPort() + "/hook",
          "migration.alerts.sinks.webhook.secret",
          "s3cret",
          "migration.alerts.sinks.first-pause",
          "100ms",
          "migration.alerts.sinks.mail.to",
          "oncall@example.org",
          "migration.alerts.target.patient.stuck-after",
          "1h",
          "migration.alerts.stuck-after",
          "1ms",
          "quarkus.mailer.mock",
          "false",
          "quarkus.mailer.from",
          "whimbrel@example.org",
          "quarkus.mailer.host",
          "127.0.0.1",
          "quarkus.mailer.port",
          String.valueOf(MAIL.getSmtp().getPort()));
    }

    @Override
    public void stop() {
      server.stop(0);
      MAIL.stop();
    }
  }

  @Test
  void anAlertIsToldAcknowledgedOnceAndResolvedByTheNextGoodRun() {
    publish(progress(UUID.randomUUID(), target, 3, RunStateName.FAILED, now.minusSeconds(60)));
    UUID alert = alert("RUN_FAILED");
    await().atMost(PATIENCE).until(() -> posted(alert, "RAISED") == 1);
    await().atMost(PATIENCE).until(() -> mailed("Raised: A run on " + target));

    for (int i = 0; i < 2; i++) {
      admin()
          .contentType(ContentType.JSON)
          .body("{\"note\": \"mending it\"}")
          .put(BASE + "/alerts/" + alert + "/acknowledge")
          .then()
          .statusCode(200)
          .body("status", equalTo("ACKNOWLEDGED"))
          .body("note", equalTo("mending it"));
    }
    publish(progress(UUID.randomUUID(), target, 3, RunStateName.COMPLETED, now));
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              watch.look();
              assertThat(status(alert)).isEqualTo("RESOLVED");
            });

    await().atMost(PATIENCE).until(() -> posted(alert, "RESOLVED") == 1);
    await().atMost(PATIENCE).until(() -> published(alert).size() == 3);
    assertThat(published(alert).get(1)).contains("ACKNOWLEDGED", "mending it", "\"by\":");
    assertThat(Sinks.POSTED)
        .allMatch(posted -> posted.signature().matches("t=\\d+,v1=[0-9a-f]{64}"));
    assertThat(Sinks.REFUSED.get()).isPositive();
    assertThat(
            Database.count(
                "select count(*) from audit_entry where command = 'ACKNOWLEDGE' and subject = ?",
                alert.toString()))
        .isEqualTo(2);
  }

  @Test
  void anAlertThatNobodyKnowsCannotBeAcknowledged() {
    for (String id : List.of(UUID.randomUUID().toString(), "none")) {
      admin()
          .contentType(ContentType.JSON)
          .body("{}")
          .put(BASE + "/alerts/" + id + "/acknowledge")
          .then()
          .statusCode(404);
    }
  }

  @Test
  void aFailedValidationIsResolvedByOneThatPasses() {
    publish(validated(UUID.randomUUID(), target, Phase.BEFORE, false));
    UUID alert = alert("VALIDATION_FAILED");
    publish(validated(UUID.randomUUID(), target, Phase.BEFORE, true));

    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              watch.look();
              assertThat(status(alert)).isEqualTo("RESOLVED");
            });
  }

  @Test
  void aStuckRunHasOneAlertUntilItSpeaksAndThresholdsAreThoseOfItsTarget() {
    UUID runId = UUID.randomUUID();
    UUID patient = UUID.randomUUID();
    publish(
        progress(runId, target, 1, RunStateName.APPLYING, now.minusSeconds(60)),
        progress(patient, "patient", 1, RunStateName.APPLYING, now.minusSeconds(60)));
    UUID alert = alert("RUN_STUCK");
    watch.look();
    watch.look();
    assertThat(count("RUN_STUCK")).isEqualTo(1);
    assertThat(Database.count("select count(*) from alert where run_id = ?", patient)).isZero();

    publish(progress(runId, target, 2, RunStateName.COMPLETED, now));

    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              watch.look();
              assertThat(status(alert)).isEqualTo("RESOLVED");
            });
  }

  @Test
  void aRunThatWaitsForLocksHasOneAlertUntilItGoesOn() {
    UUID waits = UUID.randomUUID();
    UUID brief = UUID.randomUUID();
    String other = "brief-" + brief;
    publish(
        step(waits, target, 1, RunStateName.APPLYING, "LOCK_WAIT", now.minusSeconds(15)),
        step(waits, target, 2, RunStateName.APPLYING, "APPLY", now.minusSeconds(9)),
        step(waits, target, 3, RunStateName.APPLYING, "LOCK_WAIT", now.plusSeconds(30)),
        step(brief, other, 1, RunStateName.APPLYING, "LOCK_WAIT", now.minusSeconds(2)),
        step(brief, other, 2, RunStateName.APPLYING, "LOCK_WAIT", now.plusSeconds(1)));
    UUID alert = alert("LOCK_WAIT");
    watch.look();
    assertThat(count("LOCK_WAIT")).isEqualTo(1);
    assertThat(
            Database.count(
                "select count(*) from alert where target = ? and kind = ?", other, "LOCK_WAIT"))
        .isZero();

    publish(
        progress(waits, target, 4, RunStateName.COMPLETED, now.plusSeconds(31)),
        progress(brief, other, 3, RunStateName.COMPLETED, now.plusSeconds(2)));

    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              watch.look();
              assertThat(status(alert)).isEqualTo("RESOLVED");
            });
  }

  @Test
  void aTargetThatRefusesConnectionsIsUnreachableUntilARunCompletes() {
    publish(
        progress(
            UUID.randomUUID(),
            target,
            3,
            RunStateName.FAILED,
            now.minusSeconds(60),
            new RunError("no connection", "08006", null, null, null, null)));
    UUID alert = alert("TARGET_UNREACHABLE");

    publish(progress(UUID.randomUUID(), target, 3, RunStateName.COMPLETED, now));

    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              watch.look();
              assertThat(status(alert)).isEqualTo("RESOLVED");
            });
  }

  @Test
  void aRunThatTakesLongIsComparedWithItsPredictionAndElseWithPastRuns() {
    Instant began = now.minusSeconds(1_000);
    UUID slow = UUID.randomUUID();
    UUID large = UUID.randomUUID();
    UUID unpredicted = UUID.randomUUID();
    String other = "usual-" + unpredicted;
    for (String of : List.of(target, other)) {
      for (int i = 0; i < 5; i++) {
        UUID past = UUID.randomUUID();
        publish(
            progress(past, of, 1, RunStateName.PLANNED, began.minusSeconds(60)),
            progress(past, of, 2, RunStateName.COMPLETED, began.minusSeconds(50)));
      }
    }
    publish(
        planned(large, target, 2, new Prediction(500_000, 400_000, 600_000), began),
        progress(large, target, 3, RunStateName.APPLYING, began),
        planned(slow, target, 2, new Prediction(20_000, 10_000, 30_000), began),
        progress(slow, target, 3, RunStateName.APPLYING, began.plusSeconds(100)),
        progress(unpredicted, other, 3, RunStateName.APPLYING, began));
    UUID alert = alert("RUN_TOO_LONG");
    assertThat(detail("run_id = '" + slow + "'"))
        .containsPattern(
            "applying its migrations for 9\\d\\d\\.\\d s, which were predicted to take at most"
                + " 30\\.0 s");
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              watch.look();
              assertThat(detail("run_id = '" + unpredicted + "'"))
                  .containsPattern("It has taken 1\\d\\d\\d\\.\\d s, and 95 of the last 100")
                  .contains("took at most 10.0 s in all");
            });
    assertThat(count("RUN_TOO_LONG")).as("the other was predicted to take that long").isEqualTo(1);

    publish(progress(slow, target, 4, RunStateName.VERIFYING, began.plusSeconds(990)));
    awaitResolved(alert);

    publish(progress(large, target, 4, RunStateName.VERIFYING, began.plusSeconds(500)));
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              watch.look();
              return count("RUN_TOO_LONG") == 2;
            });
    assertThat(detail("run_id = '" + large + "'"))
        .containsPattern("It has taken 5\\d\\d\\.\\d s beside applying its migrations, and 95 of");
    publish(
        progress(slow, target, 5, RunStateName.COMPLETED, now),
        progress(large, target, 5, RunStateName.COMPLETED, now),
        progress(unpredicted, other, 4, RunStateName.COMPLETED, now));
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              watch.look();
              assertThat(
                      Database.count(
                          "select count(*) from alert where kind = 'RUN_TOO_LONG'"
                              + " and status <> 'RESOLVED' and target in (?, ?)",
                          target,
                          other))
                  .isZero();
            });
  }

  private static String detail(String condition) {
    List<Map<String, Object>> alerts =
        Database.rows("select detail from alert where kind = 'RUN_TOO_LONG' and " + condition);
    return alerts.isEmpty() ? "" : String.valueOf(alerts.get(0).get("detail"));
  }

  @Test
  void aPredictionThatWasOffIsResolvedByOneThatWasNot() {
    Prediction predicted = new Prediction(9_000, 8_000, 10_000);
    publish(applied(90_000, predicted, now.minusSeconds(60)));
    UUID alert = alert("PREDICTION_OFF");
    publish(
        applied(90_000, null, now.minusSeconds(50)),
        applied(80_000, predicted, now.minusSeconds(40)));
    await().atMost(PATIENCE).until(() -> count("PREDICTION_OFF") == 2);
    watch.look();
    assertThat(status(alert)).as("neither shows that it is well").isEqualTo("RAISED");

    publish(applied(12_000, predicted, now));

    awaitResolved(alert);
    assertThat(
            Database.count(
                "select count(*) from alert where target = ? and status <> 'RESOLVED'", target))
        .isZero();
  }

  @Test
  void aTargetThatHasDriftedHasOneAlertUntilAComparisonFindsNothing() {
    Drift drift = new Drift(1, List.of(new Drifted("INDEX", "public.by_hand", null)));
    publish(planned(UUID.randomUUID(), target, 2, drift, now.minusSeconds(60)));
    UUID alert = alert("DRIFT");
    publish(
        planned(UUID.randomUUID(), target, 2, drift, now.minusSeconds(50)),
        progress(UUID.randomUUID(), target, 3, RunStateName.COMPLETED, now.minusSeconds(40)));
    await()
        .atMost(PATIENCE)
        .until(
            () -> Database.count("select count(*) from run_picture where target = ?", target) == 3);
    watch.look();
    assertThat(status(alert)).isEqualTo("RAISED");
    assertThat(count("DRIFT")).isEqualTo(1);

    publish(planned(UUID.randomUUID(), target, 2, new Drift(0, List.of()), now));
    awaitResolved(alert);

    publish(planned(UUID.randomUUID(), target, 2, drift, now.plusSeconds(1)));
    await("the alert of another drift").atMost(PATIENCE).until(() -> count("DRIFT") == 2);
  }

  private MigrationProgress applied(long durationMs, @Nullable Prediction predicted, Instant at) {
    return completed(
        UUID.randomUUID(),
        target,
        9,
        List.of(new Applied("V1__a.sql", durationMs, 1L, 0L, null, predicted, null)),
        at);
  }

  private void awaitResolved(UUID alert) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              watch.look();
              assertThat(status(alert)).isEqualTo("RESOLVED");
            });
  }

  @Test
  void whatIsSilencedIsPublishedAndToldOnlyAfterwards() {
    String silence =
        admin()
            .contentType(ContentType.JSON)
            .body(
                "{\"target\": \"%s\", \"until\": \"%s\", \"note\": \"planned\"}"
                    .formatted(target, now.plusSeconds(3600)))
            .post(BASE + "/alerts/silences")
            .then()
            .statusCode(201)
            .extract()
            .path("silenceId");
    publish(progress(UUID.randomUUID(), target, 3, RunStateName.FAILED, now));
    UUID alert = alert("RUN_FAILED");
    await().atMost(PATIENCE).until(() -> published(alert).size() == 1);
    assertThat(published(alert).get(0)).contains("\"silenced\":true");
    watch.look();
    assertThat(Database.count("select count(*) from alert_delivery where alert_id = ?", alert))
        .isZero();

    admin().delete(BASE + "/alerts/silences/" + silence).then().statusCode(204);
    admin().delete(BASE + "/alerts/silences/" + silence).then().statusCode(404);
    watch.look();

    await().atMost(PATIENCE).until(() -> posted(alert, "RAISED") == 1);
  }

  private UUID alert(String kind) {
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              watch.look();
              return count(kind) == 1;
            });
    return UUID.fromString(
        String.valueOf(
            Database.rows(
                    "select alert_id from alert where kind = '%s' and target = '%s'"
                        .formatted(kind, target))
                .get(0)
                .get("alert_id")));
  }

  private long count(String kind) {
    return Database.count("select count(*) from alert where kind = ? and target = ?", kind, target);
  }

  private static String status(UUID alert) {
    return String.valueOf(
        Database.rows("select status from alert where alert_id = '" + alert + "'")
            .get(0)
            .get("status"));
  }

  private static long posted(UUID alert, String status) {
    return Sinks.POSTED.stream()
        .filter(posted -> posted.body().contains(alert.toString()))
        .filter(posted -> posted.body().contains("\"" + status + "\""))
        .count();
  }

  private static boolean mailed(String subject) {
    return List.of(Sinks.MAIL.getReceivedMessages()).stream()
        .anyMatch(
            mail -> {
              try {
                return mail.getSubject().replaceAll("\\s+", " ").contains(subject);
              } catch (jakarta.mail.MessagingException e) {
                throw new IllegalStateException(e);
              }
            });
  }

  private static List<String> published(UUID alert) {
    return Topic.all(Topics.ALERT_RAISED).stream()
        .filter(record -> record.value() != null)
        .map(record -> new String(record.value(), UTF_8))
        .filter(json -> json.contains(alert.toString()))
        .distinct()
        .toList();
  }

  private static RequestSpecification admin() {
    return given().auth().oauth2(token("admin"));
  }
}

package io.whimbrel.monitoring.messaging;

import static io.whimbrel.monitoring.Published.publish;
import static io.whimbrel.monitoring.Published.record;
import static io.whimbrel.monitoring.Runs.progress;
import static io.whimbrel.monitoring.Runs.requested;
import static io.whimbrel.monitoring.Runs.validated;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.whimbrel.event.EventType;
import io.whimbrel.event.MigrationProgress;
import io.whimbrel.event.Phase;
import io.whimbrel.event.RunError;
import io.whimbrel.event.RunStateName;
import io.whimbrel.event.Topics;
import io.whimbrel.monitoring.Database;
import io.whimbrel.monitoring.Published;
import io.whimbrel.monitoring.Topic;
import io.whimbrel.monitoring.figures.Figures;
import io.whimbrel.monitoring.figures.Figures.Period;
import io.whimbrel.monitoring.figures.FiguresOf;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@QuarkusTest
class IngestionIT {
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  /** The days ahead are looked for every minute, first when the service starts. */
  private static final Duration LOOK_FOR_DAYS_AHEAD = Duration.ofSeconds(90);

  private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");

  @TestHTTPResource(value = "/health/", management = true)
  String probes = "";

  @Inject FiguresOf figures;

  @Test
  void eventsInAnyOrderAndDoubledGiveTheSameFigures() {
    String target = target();
    List<ProducerRecord<String, byte[]>> records = new ArrayList<>();
    for (int run = 0; run < 30; run++) {
      UUID runId = UUID.randomUUID();
      RunStateName end =
          List.of(
                  RunStateName.COMPLETED,
                  RunStateName.FAILED,
                  RunStateName.ROLLED_BACK,
                  RunStateName.APPLYING)
              .get(run % 4);
      records.add(record(requested(runId, target, NOON)));
      records.add(record(progress(runId, target, 1, RunStateName.REQUESTED, NOON)));
      records.add(record(progress(runId, target, 2, RunStateName.PLANNED, NOON.plusSeconds(1))));
      records.add(record(progress(runId, target, 3, RunStateName.VALIDATING, NOON.plusSeconds(2))));
      records.add(record(validated(runId, target, Phase.BEFORE, true)));
      records.add(record(validated(runId, target, Phase.AFTER, run % 4 != 2)));
      records.add(record(progress(runId, target, 4, RunStateName.APPLYING, NOON.plusSeconds(3))));
      records.add(record(progress(runId, target, 5, end, NOON.plusSeconds(11))));
    }
    int distinct = records.size();
    records.addAll(List.copyOf(records));
    Collections.shuffle(records, new Random(7));

    publish(records);

    await().atMost(PATIENCE).until(() -> logged(target) == distinct);
    Figures seen = figures.period(Period.ALWAYS, target);
    assertThat(seen.runs().total()).isEqualTo(30);
    assertThat(seen.runs().active()).isEqualTo(7);
    assertThat(seen.runs().outcomes())
        .isEqualTo(
            Map.of(
                RunStateName.COMPLETED, 8L, RunStateName.FAILED, 8L, RunStateName.ROLLED_BACK, 7L));
    assertThat(seen.durations())
        .isEqualTo(new Figures.Durations(23, 10_000.0, 10_000.0, 10_000.0, 10_000.0, 10_000.0));
    assertThat(seen.validations()).isEqualTo(new Figures.Validations(60, 7, 12.0));
    assertThat(seen.rollbacks()).isEqualTo(new Figures.Rollbacks(7, 7, 0, 1.0));
    assertThat(Database.count("select count(*) from alert where target = ?", target))
        .isEqualTo(8 + 7 + 7);
  }

  @Test
  void anEndedRunStaysAsItEnded() {
    String target = target();
    UUID runId = UUID.randomUUID();

    publish(progress(runId, target, 5, RunStateName.COMPLETED, NOON));
    publish(progress(runId, target, 4, RunStateName.VERIFYING, NOON));
    publish(progress(runId, target, 6, RunStateName.FAILED, NOON));

    await().atMost(PATIENCE).until(() -> logged(target) == 3);
    assertThat(state(runId)).isEqualTo("COMPLETED");
  }

  @Test
  void anOlderEventNeverMovesARunBack() {
    String target = target();
    UUID runId = UUID.randomUUID();

    publish(progress(runId, target, 7, RunStateName.APPLYING, NOON));
    publish(progress(runId, target, 3, RunStateName.PLANNED, NOON));

    await().atMost(PATIENCE).until(() -> logged(target) == 2);
    assertThat(state(runId)).isEqualTo("APPLYING");
  }

  @Test
  void aFailureThatIsToldOftenRaisesOneAlert() {
    String target = target();
    UUID runId = UUID.randomUUID();
    MigrationProgress failed =
        progress(
            runId,
            target,
            9,
            RunStateName.FAILED,
            NOON,
            new RunError(
                "duplicate key: (email)=(ada@example.org)", "23505", "V2__b.sql", 3, 1, null));
    UUID eventId = UUID.randomUUID();

    publish(List.of(record(eventId, failed), record(eventId, failed), record(failed)));

    await().atMost(PATIENCE).until(() -> logged(target) == 2);
    List<ConsumerRecord<String, byte[]>> alerts = awaitAlerts(target, 1);
    String json = new String(alerts.get(0).value(), UTF_8);
    assertThat(json)
        .contains("RUN_FAILED", runId.toString(), "V2__b.sql", "23505")
        .doesNotContain("ada@example.org");
    // The alert comes back by its topic and is logged; nothing follows from it.
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                Database.count(
                        "select count(*) from event_log where topic = 'alert.raised' and target ="
                            + " ?",
                        target)
                    == 1);
    assertThat(alertsOf(target)).hasSize(1);
  }

  @Test
  void anAlertPublishedTwiceHasOneId() {
    String target = target();
    UUID runId = UUID.randomUUID();
    publish(progress(runId, target, 9, RunStateName.ROLLBACK_FAILED, NOON));
    String first = ce(awaitAlerts(target, 1).get(0), "ce_id");

    publish(progress(runId, target, 9, RunStateName.ROLLBACK_FAILED, NOON));

    await().atMost(PATIENCE).until(() -> logged(target) == 2);
    assertThat(alertsOf(target)).allMatch(alert -> ce(alert, "ce_id").equals(first));
  }

  @Test
  void aRejectionThatNoValidationExplainsRaisesAnAlert() {
    String explained = target();
    String unexplained = target();
    UUID runId = UUID.randomUUID();

    publish(progress(runId, explained, 4, RunStateName.REJECTED, NOON));
    publish(validated(runId, explained, Phase.BEFORE, false));
    publish(progress(UUID.randomUUID(), unexplained, 2, RunStateName.REJECTED, NOON));

    assertThat(kinds(awaitAlerts(unexplained, 1))).containsExactly("RUN_REJECTED");
    assertThat(kinds(awaitAlerts(explained, 1))).containsExactly("VALIDATION_FAILED");
  }

  @ParameterizedTest
  @EnumSource(EventType.class)
  void anUnreadableRecordIsLaidAsideOnceAndTheNextOneFlows(EventType type) {
    String target = target();
    String letters = type.topic() + Topics.DEAD_LETTER_SUFFIX;
    byte[] poison = ("{\"poison\": \"" + target + "\"").getBytes(UTF_8);
    ProducerRecord<String, byte[]> bad = Published.raw(type.topic(), poison);
    bad.headers().add("x-origin", "test".getBytes(UTF_8));
    UUID runId = UUID.randomUUID();

    RecordMetadata place = publish(List.of(bad)).get(0);
    publish(requested(runId, target, NOON), progress(runId, target, 1, RunStateName.PLANNED, NOON));

    await().atMost(PATIENCE).until(() -> logged(target) == 2);
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              List<ConsumerRecord<String, byte[]>> aside = lettersFrom(letters, place);
              assertThat(aside).hasSize(1);
              assertThat(aside.get(0).value()).isEqualTo(poison);
              assertThat(ce(aside.get(0), "x-origin")).isEqualTo("test");
              assertThat(ce(aside.get(0), "dead-letter-topic")).isEqualTo(type.topic());
              assertThat(ce(aside.get(0), "dead-letter-reason")).isNotBlank();
            });
    String key = "dead-letter:" + type.topic() + ":" + place.partition() + ":" + place.offset();
    assertThat(Database.count("select count(*) from alert where deduplication_key = ?", key))
        .isEqualTo(1);
  }

  @Test
  void aRecordWithoutPayloadAndOneOfAForeignTypeAreLaidAside() {
    long before = Database.count("select count(*) from dead_letter");
    ProducerRecord<String, byte[]> foreign =
        record(progress(UUID.randomUUID(), target(), 1, RunStateName.PLANNED, NOON));
    ProducerRecord<String, byte[]> misplaced =
        new ProducerRecord<>(Topics.VALIDATION_COMPLETED, "orders", foreign.value());
    foreign.headers().forEach(misplaced.headers()::add);

    publish(List.of(Published.raw(Topics.MIGRATION_REQUESTED, null), misplaced));

    await()
        .atMost(PATIENCE)
        .until(() -> Database.count("select count(*) from dead_letter") == before + 2);
  }

  @Test
  void aRecordTooLargeForALetterIsCutAndSaysSo() {
    byte[] large = new byte[1_000_000];

    RecordMetadata place =
        publish(List.of(Published.raw(Topics.MIGRATION_REQUESTED, large))).get(0);

    String letters = "migration.requested.dead-letter";
    await().atMost(PATIENCE).until(() -> lettersFrom(letters, place).size() == 1);
    ConsumerRecord<String, byte[]> letter = lettersFrom(letters, place).get(0);
    assertThat(letter.value()).hasSize(960 * 1024);
    assertThat(ce(letter, "dead-letter-cut-from-bytes")).isEqualTo("1000000");
  }

  @Test
  void aRecordThatTheDatabaseCannotHoldIsLaidAsideAndItsNeighboursAreKept() {
    String target = target();
    ProducerRecord<String, byte[]> odd =
        record(progress(UUID.randomUUID(), target, 1, RunStateName.PLANNED, NOON));
    odd.headers().remove("ce_source");
    odd.headers().add("ce_source", "/a\0b".getBytes(UTF_8));
    ProducerRecord<String, byte[]> good =
        record(progress(UUID.randomUUID(), target, 1, RunStateName.PLANNED, NOON));

    RecordMetadata place = publish(List.of(odd, good)).get(0);

    await().atMost(PATIENCE).until(() -> logged(target) == 1);
    await()
        .atMost(PATIENCE)
        .until(() -> lettersFrom("migration.progress.dead-letter", place).size() == 1);
  }

  @Test
  void anEventLiesInThePartitionOfItsDayAndIsNeverChanged() {
    String target = target();
    publish(requested(UUID.randomUUID(), target, NOON));
    await().atMost(PATIENCE).until(() -> logged(target) == 1);

    String today = "event_log_" + LocalDate.now(ZoneOffset.UTC).toString().replace("-", "");
    assertThat(Database.count("select count(*) from " + today + " where target = ?", target))
        .isEqualTo(1);
    await()
        .atMost(LOOK_FOR_DAYS_AHEAD)
        .until(
            () ->
                Database.count(
                        "select count(*) from pg_inherits join pg_class on oid = inhrelid"
                            + " where inhparent = 'event_log'::regclass and relname >= ?",
                        today)
                    == 4);
    for (String change :
        List.of(
            "update event_log set target = null",
            "delete from event_log",
            "delete from " + today,
            "truncate event_log",
            "truncate " + today)) {
      assertThatThrownBy(() -> Database.jdbi().useHandle(handle -> handle.execute(change)))
          .hasMessageContaining("append-only");
    }
  }

  @Test
  void nothingIsLostWhileTheDatabaseIsAway() {
    String target = target();
    UUID runId = UUID.randomUUID();
    publish(requested(runId, target, NOON));
    await().atMost(PATIENCE).until(() -> logged(target) == 1);

    Database.away();
    try {
      publish(
          progress(runId, target, 1, RunStateName.PLANNED, NOON),
          progress(runId, target, 2, RunStateName.FAILED, NOON));
      publish(List.of(Published.raw(Topics.MIGRATION_PROGRESS, "poison".getBytes(UTF_8))));
      await().atMost(PATIENCE).until(() -> probe("ready") == 503);
      assertThat(probe("live")).isEqualTo(200);
    } finally {
      Database.back();
    }

    await().atMost(PATIENCE).until(() -> logged(target) == 3);
    assertThat(awaitAlerts(target, 1)).hasSize(1);
  }

  private int probe(String which) {
    return RestAssured.get(probes + which).statusCode();
  }

  private static String target() {
    return "t-" + UUID.randomUUID();
  }

  /** Events of a target in the log, without the alerts, which come back as events as well. */
  private static long logged(String target) {
    return Database.count(
        "select count(*) from event_log where topic <> 'alert.raised' and target = ?", target);
  }

  private static String state(UUID runId) {
    return String.valueOf(
        Database.rows("select state from run_picture where run_id = '" + runId + "'")
            .get(0)
            .get("state"));
  }

  private static List<ConsumerRecord<String, byte[]>> awaitAlerts(String target, int number) {
    await().atMost(PATIENCE).until(() -> alertsOf(target).size() >= number);
    return alertsOf(target);
  }

  private static List<ConsumerRecord<String, byte[]>> alertsOf(String target) {
    return Topic.all(Topics.ALERT_RAISED).stream()
        .filter(alert -> target.equals(alert.key()))
        .toList();
  }

  private static List<String> kinds(List<ConsumerRecord<String, byte[]>> alerts) {
    return alerts.stream()
        .map(alert -> new String(alert.value(), UTF_8))
        .map(json -> json.replaceAll(".*\"kind\":\"([A-Z_]+)\".*", "$1"))
        .toList();
  }

  private static List<ConsumerRecord<String, byte[]>> lettersFrom(
      String letters, RecordMetadata place) {
    return Topic.all(letters).stream()
        .filter(l -> ce(l, "dead-letter-partition").equals(String.valueOf(place.partition())))
        .filter(l -> ce(l, "dead-letter-offset").equals(String.valueOf(place.offset())))
        .toList();
  }

  private static String ce(ConsumerRecord<String, byte[]> record, String name) {
    Header header = record.headers().lastHeader(name);
    return header == null ? "" : new String(header.value(), UTF_8);
  }
}

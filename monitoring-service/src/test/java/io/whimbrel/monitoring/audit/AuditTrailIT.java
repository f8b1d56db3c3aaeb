package io.whimbrel.monitoring.audit;

import static io.whimbrel.monitoring.Published.publish;
import static io.whimbrel.monitoring.Published.record;
import static io.whimbrel.monitoring.Runs.progress;
import static io.whimbrel.monitoring.Runs.requested;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.junit.QuarkusTest;
import io.whimbrel.event.CommandAudited;
import io.whimbrel.event.CommandAudited.Outcome;
import io.whimbrel.event.RunStateName;
import io.whimbrel.event.Topics;
import io.whimbrel.monitoring.Database;
import io.whimbrel.monitoring.Published;
import io.whimbrel.monitoring.audit.AuditRepository.Filter;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
class AuditTrailIT {
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");

  @Inject AuditTrail trail;
  @Inject AuditRepository entries;
  @Inject AuditCheck check;

  @Test
  void aRequestByKafkaAndItsOutcomeAreEnteredOnce() {
    UUID runId = UUID.randomUUID();
    UUID eventId = UUID.randomUUID();
    publish(
        List.of(
            record(eventId, requested(runId, "orders", NOON)),
            record(eventId, requested(runId, "orders", NOON))));
    publish(
        progress(runId, "orders", 1, RunStateName.APPLYING, NOON),
        progress(runId, "orders", 2, RunStateName.COMPLETED, NOON),
        progress(runId, "orders", 2, RunStateName.COMPLETED, NOON));

    await().atMost(PATIENCE).until(() -> about(runId.toString()).size() >= 2);
    assertThat(about(runId.toString()))
        .extracting(AuditEntry::command, AuditEntry::outcome)
        .containsExactlyInAnyOrder(
            org.assertj.core.groups.Tuple.tuple("EXECUTE", "COMPLETED"),
            org.assertj.core.groups.Tuple.tuple("EXECUTE", "REQUESTED"));
    assertThat(about(runId.toString())).extracting(AuditEntry::caller).contains("test");
  }

  @Test
  void aCommandByRestIsEnteredOnceAndIsNoEventOfARun() {
    UUID runId = UUID.randomUUID();
    CommandAudited cancel =
        new CommandAudited(
            UUID.randomUUID(),
            NOON,
            "ada",
            "CANCEL",
            runId.toString(),
            runId,
            null,
            Outcome.REFUSED,
            409);
    long lettersBefore = Database.count("select count(*) from dead_letter");
    publish(List.of(record(cancel.id(), cancel), record(UUID.randomUUID(), cancel)));
    UUID after = UUID.randomUUID();
    publish(requested(after, "orders", NOON));

    await().atMost(PATIENCE).until(() -> !about(runId.toString()).isEmpty());
    await()
        .atMost(PATIENCE)
        .until(() -> Database.count("select count(*) from event_log where run_id = ?", after) == 1);
    AuditEntry entry = about(runId.toString()).get(0);
    assertThat(about(runId.toString())).hasSize(1);
    assertThat(entry.caller()).isEqualTo("ada");
    assertThat(entry.source()).isEqualTo("REST /test");
    assertThat(entry.command()).isEqualTo("CANCEL");
    assertThat(entry.outcome()).isEqualTo("REFUSED");
    assertThat(entry.detail()).isEqualTo("HTTP 409");
    assertThat(entry.at()).isEqualTo(NOON);
    assertThat(Database.count("select count(*) from event_log where run_id = ?", runId)).isZero();
    assertThat(Database.count("select count(*) from dead_letter")).isEqualTo(lettersBefore);
    assertThat(check.verify(null).valid()).isTrue();
  }

  @Test
  void aTimeThatWouldBeRoundedUpDoesNotBreakTheTrail() {
    String subject = UUID.randomUUID().toString();
    AuditEntry entry =
        new AuditEntry(
            NOON.plusNanos(123_999_700),
            "ada",
            "REST",
            "CANCEL",
            subject,
            null,
            "DONE",
            null,
            null);
    QuarkusTransaction.requiringNew().run(() -> trail.append(entry));

    assertThat(check.verify(null).broken()).isNull();
    assertThat(about(subject).get(0).at()).isEqualTo(NOON.plusMillis(123));
  }

  @Test
  void aRequestThatCannotBeReadIsEnteredAsWell() {
    RecordMetadata place =
        publish(List.of(Published.raw(Topics.MIGRATION_REQUESTED, "poison".getBytes(UTF_8))))
            .get(0);

    String cause = "record %s-%d@%d".formatted(place.topic(), place.partition(), place.offset());
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                Database.count(
                        "select count(*) from audit_entry where cause = ? and outcome = 'REFUSED'",
                        cause)
                    == 1);
  }

  @Test
  void anEntryCannotBeChangedOrRemoved() {
    enter(1);
    for (String change :
        List.of(
            "update audit_entry set caller = 'nobody'",
            "delete from audit_entry",
            "truncate audit_entry")) {
      assertThatThrownBy(() -> Database.jdbi().useHandle(handle -> handle.execute(change)))
          .hasMessageContaining("append-only");
    }
  }

  @Test
  void callersWhoAppendAtOnceMakeOneUnbrokenTrail() {
    IntStream.range(0, 40).parallel().forEach(i -> enter(1));

    assertThat(check.verify(null).valid()).isTrue();
  }

  /** Whoever owns the table can switch its triggers off; the chain still tells. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "update audit_entry set caller = 'someone else' where position = :at|changed",
        "update audit_entry set detail = null where position = :at|changed",
        "delete from audit_entry where position = :at|gone",
        "delete from audit_entry where position >= :at|are gone",
        "update audit_entry set position = case when position = :at then :at + 1 else :at end"
            + " where position in (:at, :at + 1)|not at its place",
      })
  void tamperingIsFoundAndTheFirstBrokenEntryNamed(String tampering, String reason) {
    enter(3);
    Link.Head before = entries.head();
    long at = before.position() - 1;

    Verification found =
        tampered(handle -> handle.createUpdate(tampering).bind("at", at).execute(), null);

    assertThat(found.valid()).isFalse();
    assertThat(Objects.requireNonNull(found.broken()).position()).isEqualTo(at);
    assertThat(Objects.requireNonNull(found.broken()).reason()).contains(reason);
    assertThat(found.checked()).isEqualTo(at - 1);
    assertThat(check.verify(before).valid()).isTrue();
  }

  @Test
  void aTrailThatWasWrittenAnewIsFoundByAnEndThatWasKept() {
    enter(2);
    Link.Head kept = entries.head();
    Link last = entries.newest(new Filter(null, null, null, null), 1).get(0);
    Link forged =
        Link.after(
            new Link.Head(last.position() - 1, last.previous()),
            AuditEntry.byRest("mallory", "NOTHING", null, null, "DONE", null));
    Consumer<Handle> rewrite =
        handle -> {
          handle
              .createUpdate("delete from audit_entry where position = :at")
              .bind("at", last.position())
              .execute();
          handle
              .createUpdate(
                  "insert into audit_entry (position, at, caller, source, command, outcome,"
                      + " previous, hash) values (:at, :time, 'mallory', 'REST', 'NOTHING', 'DONE',"
                      + " decode(:previous, 'hex'), decode(:hash, 'hex'))")
              .bind("at", last.position())
              .bind("time", forged.entry().at().truncatedTo(java.time.temporal.ChronoUnit.MILLIS))
              .bind("previous", forged.previous())
              .bind("hash", forged.hash())
              .execute();
          handle
              .createUpdate("update audit_head set hash = decode(:hash, 'hex')")
              .bind("hash", forged.hash())
              .execute();
        };

    assertThat(tampered(rewrite, null).valid()).isTrue();
    Verification found = tampered(rewrite, kept);

    assertThat(Objects.requireNonNull(found.broken()).position()).isEqualTo(kept.position());
    assertThat(Objects.requireNonNull(found.broken()).reason()).contains("written anew");
  }

  /** Tampers, looks, and puts everything back. */
  private static Verification tampered(Consumer<Handle> tampering, Link.@Nullable Head anchor) {
    try (Handle handle = Database.jdbi().open()) {
      handle.begin();
      try {
        handle.execute("alter table audit_entry disable trigger user");
        handle.execute("alter table audit_entry drop constraint audit_entry_pkey");
        tampering.accept(handle);
        Link.Head head = AuditRepository.head(handle, "select position, hash from audit_head");
        return AuditRepository.read(handle, links -> Verification.of(links, head, anchor));
      } finally {
        handle.rollback();
      }
    }
  }

  private void enter(int number) {
    for (int i = 0; i < number; i++) {
      QuarkusTransaction.requiringNew()
          .run(
              () ->
                  trail.append(
                      AuditEntry.byRest("jane", "TEST", "s", "orders", "DONE", "why not")));
    }
  }

  private List<AuditEntry> about(String subject) {
    return entries.newest(new Filter(null, subject, null, null), 100).stream()
        .map(Link::entry)
        .toList();
  }
}

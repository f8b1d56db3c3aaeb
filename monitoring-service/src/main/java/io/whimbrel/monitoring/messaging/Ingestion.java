package io.whimbrel.monitoring.messaging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Comparator.comparing;

import io.whimbrel.delivery.EventReader;
import io.whimbrel.delivery.Inbox;
import io.whimbrel.delivery.Received;
import io.whimbrel.delivery.Unreadable;
import io.whimbrel.event.Event;
import io.whimbrel.event.MigrationProgress;
import io.whimbrel.event.MigrationRequested;
import io.whimbrel.event.ValidationCompleted;
import io.whimbrel.monitoring.alert.Alerts;
import io.whimbrel.monitoring.log.EventLogRepository;
import io.whimbrel.monitoring.log.LogEntry;
import io.whimbrel.monitoring.run.RunRepository;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jboss.logging.MDC;
import org.jspecify.annotations.Nullable;

/**
 * Records a batch in one transaction: inbox, event log, picture of the runs, alerts, dead letters
 * and what follows from them in the outbox. If it fails, none of it has happened.
 */
@ApplicationScoped
class Ingestion {
  private final EventReader reader;
  private final Inbox inbox;
  private final EventLogRepository log;
  private final RunRepository runs;
  private final Alerts alerts;
  private final DeadLetters deadLetters;

  Ingestion(
      EventReader reader,
      Inbox inbox,
      EventLogRepository log,
      RunRepository runs,
      Alerts alerts,
      DeadLetters deadLetters) {
    this.reader = reader;
    this.inbox = inbox;
    this.log = log;
    this.runs = runs;
    this.alerts = alerts;
    this.deadLetters = deadLetters;
  }

  /**
   * Records a batch. Events are taken run by run, those of a run in their order, so that batches of
   * two topics that touch the same runs wait for each other and do not deadlock.
   */
  @Transactional
  public void record(List<ConsumerRecord<String, byte[]>> records) {
    log.ensureDays(0);
    records.stream().map(this::read).sorted(comparing(Reading::run)).forEach(this::record);
  }

  /** Lays a record aside that reads well but cannot be recorded. */
  @Transactional
  public void refuse(ConsumerRecord<String, byte[]> record, String reason) {
    deadLetters.add(record, reason);
  }

  /** What a record turned out to be: an event, or, without one, unreadable for a reason. */
  private record Reading(
      ConsumerRecord<String, byte[]> record, @Nullable Received<?> received, String reason) {
    String run() {
      return received == null ? "" : String.valueOf(received.event().runId());
    }
  }

  /** Reading touches nothing but the record, so that whatever goes wrong is the record's fault. */
  private Reading read(ConsumerRecord<String, byte[]> record) {
    try {
      return new Reading(record, reader.read(record.topic(), record), "");
    } catch (Unreadable e) {
      return new Reading(record, null, String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      return new Reading(record, null, "made reading fail with " + e.getClass().getSimpleName());
    }
  }

  private void record(Reading reading) {
    ConsumerRecord<String, byte[]> record = reading.record();
    Received<?> received = reading.received();
    if (received == null) {
      deadLetters.add(record, reading.reason());
    } else if (inbox.first(record.topic(), received.id())) {
      take(record, received);
    }
  }

  private void take(ConsumerRecord<String, byte[]> record, Received<?> received) {
    Event event = received.event();
    try {
      MDC.put("runId", String.valueOf(event.runId()));
      MDC.put("target", String.valueOf(event.target()));
      log.append(entry(record, received));
      apply(received);
      alerts.examine(event, received.time());
    } finally {
      MDC.remove("runId");
      MDC.remove("target");
    }
  }

  private void apply(Received<?> received) {
    Event event = received.event();
    if (event instanceof MigrationRequested requested) {
      runs.apply(requested, received.time());
    } else if (event instanceof MigrationProgress progress) {
      runs.apply(progress);
    } else if (event instanceof ValidationCompleted validation) {
      runs.apply(validation, received.time());
    }
  }

  private static LogEntry entry(ConsumerRecord<String, byte[]> record, Received<?> received) {
    return new LogEntry(
        record.topic(),
        record.partition(),
        record.offset(),
        received.id(),
        received.source(),
        received.event().runId(),
        received.event().target(),
        received.time(),
        new String(record.value(), UTF_8));
  }
}

package io.whimbrel.monitoring.messaging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import io.whimbrel.delivery.EventReader;
import io.whimbrel.delivery.Inbox;
import io.whimbrel.delivery.Received;
import io.whimbrel.delivery.Trace;
import io.whimbrel.delivery.Traces;
import io.whimbrel.delivery.Unreadable;
import io.whimbrel.event.CommandAudited;
import io.whimbrel.event.Event;
import io.whimbrel.event.EventType;
import io.whimbrel.monitoring.alert.Alerts;
import io.whimbrel.monitoring.log.EventLogRepository;
import io.whimbrel.monitoring.log.LogEntry;
import io.whimbrel.monitoring.run.RunRepository;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jboss.logging.MDC;
import org.jspecify.annotations.Nullable;

/**
 * Records a batch in one transaction: inbox, event log, picture of the runs, alerts, dead letters
 * and what follows from them in the outbox. If it fails, none of it has happened.
 */
@ApplicationScoped
class Ingestion implements Recorder {
  private final EventReader reader;
  private final Inbox inbox;
  private final EventLogRepository log;
  private final RunRepository runs;
  private final Alerts alerts;
  private final DeadLetters deadLetters;
  private final Traces traces;

  Ingestion(
      EventReader reader,
      Inbox inbox,
      EventLogRepository log,
      RunRepository runs,
      Alerts alerts,
      DeadLetters deadLetters,
      Traces traces) {
    this.traces = traces;
    this.reader = reader;
    this.inbox = inbox;
    this.log = log;
    this.runs = runs;
    this.alerts = alerts;
    this.deadLetters = deadLetters;
  }

  @Override
  @Transactional
  public void record(List<ConsumerRecord<String, byte[]>> records) {
    Instant seen = log.begin();
    List<Reading> readings = records.stream().map(this::read).toList();
    readings.stream()
        .filter(reading -> reading.received() == null)
        .forEach(reading -> deadLetters.add(reading.record(), reading.reason()));
    readings.stream()
        .filter(Reading::logged)
        .collect(groupingBy(reading -> reading.record().topic(), TreeMap::new, toList()))
        .forEach((topic, ofTopic) -> take(topic, ofTopic, seen));
  }

  @Override
  @Transactional
  public void refuse(ConsumerRecord<String, byte[]> record, String reason) {
    deadLetters.add(record, reason);
  }

  /** What a record turned out to be: an event, or, without one, unreadable for a reason. */
  private record Reading(
      ConsumerRecord<String, byte[]> record, @Nullable Received<?> received, String reason) {
    Received<?> event() {
      return Objects.requireNonNull(received);
    }

    /** Commands are for the audit trail alone. */
    boolean logged() {
      return received != null && !(received.event() instanceof CommandAudited);
    }
  }

  /** Reading touches nothing but the record, so that whatever goes wrong is the record's fault. */
  private Reading read(ConsumerRecord<String, byte[]> record) {
    try {
      boolean command = EventReader.isOther(EventType.MIGRATION_REQUESTED, record);
      return new Reading(
          record,
          command
              ? reader.read(EventType.COMMAND_AUDITED, CommandAudited.class, record)
              : reader.read(record.topic(), record),
          "");
    } catch (Unreadable e) {
      return new Reading(record, null, String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      return new Reading(record, null, "made reading fail with " + e.getClass().getSimpleName());
    }
  }

  private void take(String topic, List<Reading> readings, Instant seen) {
    Set<String> first =
        new HashSet<>(inbox.first(topic, readings.stream().map(r -> r.event().id()).toList()));
    List<Reading> fresh = readings.stream().filter(r -> first.remove(r.event().id())).toList();
    log.append(topic, fresh.stream().map(Ingestion::entry).toList());
    runs.add(fresh.stream().<Received<?>>map(Reading::event).toList(), seen);
    fresh.forEach(this::examine);
  }

  private void examine(Reading reading) {
    Event event = reading.event().event();
    try {
      MDC.put("runId", String.valueOf(event.runId()));
      MDC.put("target", String.valueOf(event.target()));
      traces.within(
          Trace.of(reading.record()), () -> alerts.examine(event, reading.event().time()));
    } finally {
      MDC.remove("runId");
      MDC.remove("target");
    }
  }

  private static LogEntry entry(Reading reading) {
    ConsumerRecord<String, byte[]> record = reading.record();
    Received<?> received = reading.event();
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

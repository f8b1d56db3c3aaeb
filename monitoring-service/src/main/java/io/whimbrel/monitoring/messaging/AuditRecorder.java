package io.whimbrel.monitoring.messaging;

import io.whimbrel.delivery.EventReader;
import io.whimbrel.delivery.Received;
import io.whimbrel.delivery.Unreadable;
import io.whimbrel.event.CommandAudited;
import io.whimbrel.event.EventType;
import io.whimbrel.event.MigrationProgress;
import io.whimbrel.event.MigrationRequested;
import io.whimbrel.event.Topics;
import io.whimbrel.monitoring.audit.AuditEntry;
import io.whimbrel.monitoring.audit.AuditTrail;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Enters into the audit trail what is asked for by Kafka, readable or not, what the gateway tells
 * of other commands, and how the runs end. Each has one entry, however often it comes.
 */
@ApplicationScoped
class AuditRecorder implements Recorder {
  private final EventReader reader;
  private final AuditTrail trail;

  AuditRecorder(EventReader reader, AuditTrail trail) {
    this.reader = reader;
    this.trail = trail;
  }

  @Override
  @Transactional
  public void record(List<ConsumerRecord<String, byte[]>> records) {
    trail.append(records.stream().flatMap(record -> entry(record).stream()).toList());
  }

  @Override
  @Transactional
  public void refuse(ConsumerRecord<String, byte[]> record, String reason) {
    trail.append(unreadable(record, reason));
  }

  private Optional<AuditEntry> entry(ConsumerRecord<String, byte[]> record) {
    if (!record.topic().equals(Topics.MIGRATION_REQUESTED)) {
      return end(record);
    }
    return Optional.of(
        EventReader.isOther(EventType.MIGRATION_REQUESTED, record)
            ? command(record)
            : request(record));
  }

  private AuditEntry command(ConsumerRecord<String, byte[]> record) {
    try {
      Received<CommandAudited> command =
          reader.read(EventType.COMMAND_AUDITED, CommandAudited.class, record);
      return AuditEntry.of(command.event(), command.source());
    } catch (Unreadable e) {
      return unreadable(record, String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      return unreadable(record, "made reading fail with " + e.getClass().getSimpleName());
    }
  }

  private AuditEntry request(ConsumerRecord<String, byte[]> record) {
    try {
      Received<MigrationRequested> request =
          reader.read(EventType.MIGRATION_REQUESTED, MigrationRequested.class, record);
      return AuditEntry.of(request.event(), request.source(), request.id());
    } catch (Unreadable e) {
      return unreadable(record, String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      return unreadable(record, "made reading fail with " + e.getClass().getSimpleName());
    }
  }

  /** What tells of no end is passed over before it is read in full; there is much of it. */
  private Optional<AuditEntry> end(ConsumerRecord<String, byte[]> record) {
    if (!StateGlance.terminal(record.value())) {
      return Optional.empty();
    }
    try {
      Received<MigrationProgress> progress =
          reader.read(EventType.MIGRATION_PROGRESS, MigrationProgress.class, record);
      return progress.event().state().terminal()
          ? Optional.of(AuditEntry.ended(progress.event(), progress.source()))
          : Optional.empty();
    } catch (Unreadable | RuntimeException e) {
      return Optional.empty();
    }
  }

  private static AuditEntry unreadable(ConsumerRecord<String, byte[]> record, String reason) {
    return AuditEntry.unreadable(
        "record %s-%d@%d".formatted(record.topic(), record.partition(), record.offset()), reason);
  }
}

package io.whimbrel.monitoring.messaging;

import io.smallrye.common.annotation.Blocking;
import io.whimbrel.monitoring.health.HealthChecks;
import jakarta.enterprise.context.ApplicationScoped;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/**
 * Takes what comes by the four topics, a batch at a time. A batch is acknowledged after it is
 * recorded; one that comes again is known by its ids.
 */
@ApplicationScoped
class EventConsumer {
  private final UntilRecorded untilRecorded;
  private final Ingestion ingestion;
  private final HealthChecks health;

  EventConsumer(UntilRecorded untilRecorded, Ingestion ingestion, HealthChecks health) {
    this.health = health;
    this.untilRecorded = untilRecorded;
    this.ingestion = ingestion;
  }

  @Incoming("migration-requested")
  @Blocking
  void requested(ConsumerRecords<String, byte[]> records) throws InterruptedException {
    untilRecorded.record(records, ingestion);
    health.changed();
  }

  @Incoming("migration-progress")
  @Blocking
  void progress(ConsumerRecords<String, byte[]> records) throws InterruptedException {
    untilRecorded.record(records, ingestion);
    health.changed();
  }

  @Incoming("validation-completed")
  @Blocking
  void validated(ConsumerRecords<String, byte[]> records) throws InterruptedException {
    untilRecorded.record(records, ingestion);
    health.changed();
  }

  @Incoming("alert-raised")
  @Blocking
  void alerted(ConsumerRecords<String, byte[]> records) throws InterruptedException {
    untilRecorded.record(records, ingestion);
    health.changed();
  }
}

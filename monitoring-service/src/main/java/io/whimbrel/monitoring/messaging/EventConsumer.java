package io.whimbrel.monitoring.messaging;

import io.smallrye.common.annotation.Blocking;
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

  EventConsumer(UntilRecorded untilRecorded) {
    this.untilRecorded = untilRecorded;
  }

  @Incoming("migration-requested")
  @Blocking
  void requested(ConsumerRecords<String, byte[]> records) throws InterruptedException {
    untilRecorded.record(records);
  }

  @Incoming("migration-progress")
  @Blocking
  void progress(ConsumerRecords<String, byte[]> records) throws InterruptedException {
    untilRecorded.record(records);
  }

  @Incoming("validation-completed")
  @Blocking
  void validated(ConsumerRecords<String, byte[]> records) throws InterruptedException {
    untilRecorded.record(records);
  }

  @Incoming("alert-raised")
  @Blocking
  void alerted(ConsumerRecords<String, byte[]> records) throws InterruptedException {
    untilRecorded.record(records);
  }
}

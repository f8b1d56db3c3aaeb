package io.whimbrel.monitoring.messaging;

import io.smallrye.common.annotation.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Takes requests and ends of runs for the audit trail, whether or not monitoring is on. */
@ApplicationScoped
class AuditConsumer {
  private final UntilRecorded untilRecorded;
  private final AuditRecorder audit;

  AuditConsumer(UntilRecorded untilRecorded, AuditRecorder audit) {
    this.untilRecorded = untilRecorded;
    this.audit = audit;
  }

  @Incoming("audit-requested")
  @Blocking
  void requested(ConsumerRecords<String, byte[]> records) throws InterruptedException {
    untilRecorded.record(records, audit);
  }

  @Incoming("audit-progress")
  @Blocking
  void progress(ConsumerRecords<String, byte[]> records) throws InterruptedException {
    untilRecorded.record(records, audit);
  }
}

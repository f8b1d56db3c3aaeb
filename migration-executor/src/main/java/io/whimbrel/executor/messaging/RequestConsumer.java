package io.whimbrel.executor.messaging;

import io.smallrye.reactive.messaging.annotations.Blocking;
import io.whimbrel.delivery.Intake;
import io.whimbrel.event.EventType;
import io.whimbrel.event.MigrationRequested;
import io.whimbrel.executor.run.RunLifecycle;
import jakarta.enterprise.context.ApplicationScoped;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Takes requests for runs. */
@ApplicationScoped
class RequestConsumer {
  private final Intake intake;
  private final RunLifecycle lifecycle;
  private final SuperAdminGrant grant;

  RequestConsumer(Intake intake, RunLifecycle lifecycle, SuperAdminGrant grant) {
    this.intake = intake;
    this.lifecycle = lifecycle;
    this.grant = grant;
  }

  @Incoming("migration-requested")
  @Blocking
  void consume(ConsumerRecord<String, byte[]> record) throws InterruptedException {
    intake.take(
        EventType.MIGRATION_REQUESTED,
        MigrationRequested.class,
        record,
        received ->
            lifecycle.request(
                received.event(), received.source(), grant.in(record), received.time()));
  }
}

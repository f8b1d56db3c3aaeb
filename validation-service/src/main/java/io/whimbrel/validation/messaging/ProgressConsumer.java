package io.whimbrel.validation.messaging;

import io.smallrye.reactive.messaging.annotations.Blocking;
import io.whimbrel.delivery.Intake;
import io.whimbrel.event.EventType;
import io.whimbrel.event.MigrationProgress;
import io.whimbrel.event.Phase;
import io.whimbrel.validation.report.Subject;
import io.whimbrel.validation.report.Wish;
import io.whimbrel.validation.request.RequestRepository;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Hears when a run awaits a validation. */
@ApplicationScoped
class ProgressConsumer {
  private final Intake intake;
  private final RequestRepository requests;

  ProgressConsumer(Intake intake, RequestRepository requests) {
    this.intake = intake;
    this.requests = requests;
  }

  @Incoming("migration-progress")
  @Blocking
  void consume(ConsumerRecord<String, byte[]> record) throws InterruptedException {
    intake.take(
        EventType.MIGRATION_PROGRESS,
        MigrationProgress.class,
        record,
        received -> request(received.event()));
  }

  private void request(MigrationProgress progress) {
    Phase phase = progress.phase();
    if (phase != null && MigrationProgress.AWAITING_VALIDATION.equals(progress.step())) {
      requests.request(
          new Subject(
              UUID.randomUUID(),
              progress.runId(),
              phase,
              progress.target(),
              Objects.requireNonNullElse(progress.touched(), List.of()),
              Objects.requireNonNullElse(progress.plannedChanges(), List.of()),
              Wish.OF_RUN));
    }
  }
}

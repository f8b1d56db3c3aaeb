package io.whimbrel.executor.messaging;

import io.smallrye.reactive.messaging.annotations.Blocking;
import io.whimbrel.delivery.Intake;
import io.whimbrel.event.EventType;
import io.whimbrel.event.ValidationCompleted;
import io.whimbrel.executor.step.ValidationVerdict;
import jakarta.enterprise.context.ApplicationScoped;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Takes the outcomes of validations. */
@ApplicationScoped
class ValidationConsumer {
  private final Intake intake;
  private final ValidationVerdict verdict;

  ValidationConsumer(Intake intake, ValidationVerdict verdict) {
    this.intake = intake;
    this.verdict = verdict;
  }

  @Incoming("validation-completed")
  @Blocking
  void consume(ConsumerRecord<String, byte[]> record) throws InterruptedException {
    intake.take(
        EventType.VALIDATION_COMPLETED,
        ValidationCompleted.class,
        record,
        received -> verdict.on(received.event()));
  }
}

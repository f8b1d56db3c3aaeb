package io.whimbrel.delivery;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.whimbrel.event.Event;
import io.whimbrel.event.EventType;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jboss.logging.Logger;

/**
 * Takes a record in: reads it, and gives it to its effect once, in one transaction with its row in
 * the inbox. What is unreadable is left to the service that keeps the dead letters. While the
 * database is away the record is tried again and nothing behind it overtakes it.
 */
@ApplicationScoped
public class Intake {
  private static final Logger LOG = Logger.getLogger(Intake.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  private final EventReader reader;
  private final Inbox inbox;
  private final MeterRegistry metrics;

  Intake(EventReader reader, Inbox inbox, MeterRegistry metrics) {
    this.reader = reader;
    this.inbox = inbox;
    this.metrics = metrics;
  }

  /**
   * Takes one record in; returns when its effect is committed, or when it turned out unreadable,
   * known or of another type of the topic.
   *
   * @throws InterruptedException if the service stops; the record will come again
   */
  public <E extends Event> void take(
      EventType type,
      Class<E> as,
      ConsumerRecord<String, byte[]> record,
      Consumer<Received<E>> effect)
      throws InterruptedException {
    if (EventReader.isOther(type, record)) {
      return;
    }
    try {
      Received<E> received = reader.read(type, as, record);
      untilCommitted(type.topic(), received, effect);
    } catch (Unreadable e) {
      metrics.counter("whimbrel.events.unreadable", "topic", type.topic()).increment();
      LOG.warnf(
          "Skipped record %s-%d@%d, which %s",
          record.topic(), record.partition(), record.offset(), e.getMessage());
    }
  }

  private <E extends Event> void untilCommitted(
      String topic, Received<E> received, Consumer<Received<E>> effect)
      throws InterruptedException {
    Duration pause = FIRST_PAUSE;
    while (true) {
      try {
        QuarkusTransaction.requiringNew()
            .run(
                () -> {
                  if (inbox.first(topic, received.id())) {
                    effect.accept(received);
                  }
                });
        return;
      } catch (RuntimeException e) {
        metrics.counter("whimbrel.events.retried", "topic", topic).increment();
        // The messages of a database may hold statements and their values.
        LOG.errorf(
            "Event %s of %s will be tried again: %s",
            received.id(), topic, e.getClass().getSimpleName());
        Thread.sleep(pause.toMillis());
        Duration doubled = pause.multipliedBy(2);
        pause = doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
      }
    }
  }
}

package io.whimbrel.gateway.stream;

import io.whimbrel.event.EventType;
import jakarta.enterprise.context.ApplicationScoped;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jspecify.annotations.Nullable;

/** Reads {@code alert.raised} as {@link ProgressConsumer} reads progress. */
@ApplicationScoped
public class AlertConsumer {
  private final Feed feed;
  private final Records records;

  AlertConsumer(Feed feed, Records records) {
    this.feed = feed;
    this.records = records;
  }

  @Incoming("alert-raised")
  public void consume(ConsumerRecord<String, byte @Nullable []> record) {
    records
        .read(record, EventType.ALERT_RAISED)
        .ifPresent(
            alert ->
                feed.publish(
                    Records.partition(record),
                    record.offset(),
                    "alert",
                    FeedEvent.target(alert),
                    alert.toString()));
  }
}

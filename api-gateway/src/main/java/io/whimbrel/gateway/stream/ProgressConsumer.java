package io.whimbrel.gateway.stream;

import com.fasterxml.jackson.databind.JsonNode;
import io.whimbrel.event.EventType;
import jakarta.enterprise.context.ApplicationScoped;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jspecify.annotations.Nullable;

/** Reads {@code migration.progress}. Every instance of the gateway reads all of it. */
@ApplicationScoped
public class ProgressConsumer {
  private final LiveEvents live;
  private final Feed feed;
  private final Records records;

  ProgressConsumer(LiveEvents live, Feed feed, Records records) {
    this.live = live;
    this.feed = feed;
    this.records = records;
  }

  @Incoming("migration-progress")
  public void consume(ConsumerRecord<String, byte @Nullable []> record) {
    records
        .read(record, EventType.MIGRATION_PROGRESS)
        .ifPresent(
            json ->
                RunEvent.of(json)
                    .ifPresentOrElse(
                        event -> publish(record, json, event), () -> records.skip(record)));
  }

  private void publish(ConsumerRecord<?, ?> record, JsonNode json, RunEvent event) {
    live.publish(event);
    feed.publish(
        Records.partition(record),
        record.offset(),
        "progress",
        FeedEvent.target(json),
        event.json());
  }
}

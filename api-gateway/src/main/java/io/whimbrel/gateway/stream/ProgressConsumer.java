package io.whimbrel.gateway.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.whimbrel.event.EventType;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code migration.progress}. Every instance of the gateway reads all of it, from now on; a
 * record that is no progress is counted and skipped, the monitoring service sees to it.
 */
@ApplicationScoped
public class ProgressConsumer {
  private static final Logger LOG = Logger.getLogger(ProgressConsumer.class);

  private final LiveEvents live;
  private final ObjectMapper mapper;
  private final Counter unreadable;

  ProgressConsumer(LiveEvents live, ObjectMapper mapper, MeterRegistry metrics) {
    this.live = live;
    this.mapper = mapper;
    this.unreadable =
        Counter.builder("whimbrel.events.unreadable")
            .description("Records that are not the event their topic promises")
            .tag("topic", EventType.MIGRATION_PROGRESS.topic())
            .register(metrics);
  }

  @Incoming("migration-progress")
  public void consume(ConsumerRecord<String, byte @Nullable []> record) {
    read(record)
        .ifPresentOrElse(
            live::publish,
            () -> {
              unreadable.increment();
              LOG.warnf(
                  "Skipped an unreadable record: %s, partition %d, offset %d",
                  record.topic(), record.partition(), record.offset());
            });
  }

  private Optional<RunEvent> read(ConsumerRecord<String, byte @Nullable []> record) {
    Header type = record.headers().lastHeader("ce_type");
    byte[] json = record.value();
    if (json == null
        || type == null
        || !new String(type.value(), UTF_8).equals(EventType.MIGRATION_PROGRESS.cloudEventType())) {
      return Optional.empty();
    }
    try {
      return RunEvent.of(mapper.readTree(json));
    } catch (IOException notJson) {
      return Optional.empty();
    }
  }
}

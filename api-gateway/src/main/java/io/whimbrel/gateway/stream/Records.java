package io.whimbrel.gateway.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.whimbrel.event.EventType;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Reads records as far as the gateway looks into them. One that is not what its topic promises is
 * counted and skipped; the monitoring service sees to it.
 */
@ApplicationScoped
class Records {
  private static final Logger LOG = Logger.getLogger(Records.class);

  private final ObjectMapper mapper;
  private final MeterRegistry metrics;

  Records(ObjectMapper mapper, MeterRegistry metrics) {
    this.mapper = mapper;
    this.metrics = metrics;
  }

  /** The JSON of an event of this type. */
  Optional<JsonNode> read(ConsumerRecord<String, byte @Nullable []> record, EventType type) {
    Header said = record.headers().lastHeader("ce_type");
    byte[] json = record.value();
    if (json != null
        && said != null
        && new String(said.value(), UTF_8).equals(type.cloudEventType())) {
      try {
        JsonNode event = mapper.readTree(json);
        if (event.isObject()) {
          return Optional.of(event);
        }
      } catch (IOException notJson) {
        // Skipped below.
      }
    }
    skip(record);
    return Optional.empty();
  }

  void skip(ConsumerRecord<?, ?> record) {
    Counter.builder("whimbrel.events.unreadable")
        .description("Records that are not the event their topic promises")
        .tag("topic", record.topic())
        .register(metrics)
        .increment();
    LOG.warnf(
        "Skipped an unreadable record: %s, partition %d, offset %d",
        record.topic(), record.partition(), record.offset());
  }

  static TopicPartition partition(ConsumerRecord<?, ?> record) {
    return new TopicPartition(record.topic(), record.partition());
  }
}

package io.whimbrel.monitoring;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.whimbrel.event.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jspecify.annotations.Nullable;

/** Publishes to the topics, as the other services would. */
public final class Published {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .build();

  private Published() {}

  /** An event as a record with an id of its own. */
  public static ProducerRecord<String, byte[]> record(Event event) {
    return record(UUID.randomUUID(), event);
  }

  public static ProducerRecord<String, byte[]> record(UUID id, Event event) {
    try {
      ProducerRecord<String, byte[]> record =
          new ProducerRecord<>(event.type().topic(), event.target(), JSON.writeValueAsBytes(event));
      record.headers().add("ce_specversion", "1.0".getBytes(UTF_8));
      record.headers().add("ce_id", id.toString().getBytes(UTF_8));
      record.headers().add("ce_type", event.type().cloudEventType().getBytes(UTF_8));
      record.headers().add("ce_source", "/test".getBytes(UTF_8));
      return record;
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  public static ProducerRecord<String, byte[]> raw(String topic, byte @Nullable [] payload) {
    return new ProducerRecord<>(topic, "orders", payload);
  }

  public static void publish(Event... events) {
    List<ProducerRecord<String, byte[]>> records = new ArrayList<>();
    for (Event event : events) {
      records.add(record(event));
    }
    publish(records);
  }

  public static List<RecordMetadata> publish(List<ProducerRecord<String, byte[]>> records) {
    String servers = ConfigProvider.getConfig().getValue("kafka.bootstrap.servers", String.class);
    try (KafkaProducer<String, byte[]> producer =
        new KafkaProducer<>(
            Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, servers),
            new StringSerializer(),
            new ByteArraySerializer())) {
      List<Future<RecordMetadata>> sent = records.stream().map(producer::send).toList();
      List<RecordMetadata> acknowledged = new ArrayList<>();
      for (Future<RecordMetadata> future : sent) {
        acknowledged.add(future.get());
      }
      return acknowledged;
    } catch (ExecutionException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}

package io.whimbrel.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.whimbrel.event.EventType;
import io.whimbrel.event.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** Another system on Kafka: publishes records of its own, and has read every record there is. */
final class KafkaProbe implements AutoCloseable {
  private final KafkaProducer<String, byte[]> producer;
  private final Map<String, Queue<ConsumerRecord<String, byte[]>>> seen = new ConcurrentHashMap<>();
  private final Thread reader;
  private volatile boolean closed;

  /**
   * @param connection of one who may do anything
   */
  KafkaProbe(Map<String, Object> connection) {
    Map<String, Object> settings = new HashMap<>(connection);
    settings.put("reconnect.backoff.max.ms", 1000);
    producer = new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer());
    reader = new Thread(() -> read(settings), "kafka-probe");
    reader.setDaemon(true);
    reader.start();
  }

  /** Asks for a run as a CloudEvent in binary mode. */
  void request(Map<String, ?> payload) {
    UUID run = UUID.fromString(String.valueOf(payload.get("runId")));
    Map<String, String> headers =
        Map.of(
            "ce_specversion", "1.0",
            "ce_id", UUID.randomUUID().toString(),
            "ce_type", EventType.MIGRATION_REQUESTED.cloudEventType(),
            "ce_source", "/acceptance",
            "ce_subject", run.toString());
    send(Topics.MIGRATION_REQUESTED, String.valueOf(payload.get("target")), headers, payload);
  }

  /** Asks for a run as plain JSON. */
  void plainRequest(Map<String, ?> payload) {
    send(Topics.MIGRATION_REQUESTED, String.valueOf(payload.get("target")), Map.of(), payload);
  }

  private void send(String topic, String key, Map<String, String> headers, Map<String, ?> payload) {
    send(topic, key, headers, Json.write(payload).getBytes(UTF_8));
  }

  /** Publishes a record and waits until Kafka has it. */
  RecordMetadata send(
      String topic, @Nullable String key, Map<String, String> headers, byte @Nullable [] value) {
    ProducerRecord<String, byte[]> record = new ProducerRecord<>(topic, key, value);
    headers.forEach((name, text) -> record.headers().add(name, text.getBytes(UTF_8)));
    try {
      return producer.send(record).get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** The records of a topic, in the order in which they were read. */
  Stream<ConsumerRecord<String, byte[]>> records(String topic) {
    return seen.getOrDefault(topic, new ConcurrentLinkedQueue<>()).stream();
  }

  /** What was published of a run on one topic, with copies, in the order of the records. */
  List<JsonNode> events(String topic, UUID run) {
    return records(topic)
        .filter(record -> run.toString().equals(header(record, "ce_subject")))
        .map(record -> Json.read(new String(record.value(), UTF_8)))
        .toList();
  }

  static String header(ConsumerRecord<String, byte[]> record, String name) {
    Header header = record.headers().lastHeader(name);
    return header == null ? "" : new String(header.value(), UTF_8);
  }

  private void read(Map<String, Object> settings) {
    try (KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions = new ArrayList<>();
      for (EventType type : EventType.values()) {
        for (String topic : List.of(type.topic(), type.topic() + Topics.DEAD_LETTER_SUFFIX)) {
          consumer
              .partitionsFor(topic)
              .forEach(info -> partitions.add(new TopicPartition(topic, info.partition())));
        }
      }
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      while (!closed) {
        for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(200))) {
          seen.computeIfAbsent(record.topic(), topic -> new ConcurrentLinkedQueue<>()).add(record);
        }
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    producer.close(Duration.ofSeconds(5));
    try {
      reader.join(5000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

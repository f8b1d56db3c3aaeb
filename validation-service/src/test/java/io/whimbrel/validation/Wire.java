package io.whimbrel.validation;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.whimbrel.event.EventType;
import io.whimbrel.event.Phase;
import io.whimbrel.event.Topics;
import io.whimbrel.event.ValidationCompleted;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** The topics as another program sees them. */
public final class Wire implements AutoCloseable {
  private final KafkaProducer<String, String> producer;
  private final KafkaConsumer<String, String> consumer;
  private final List<ConsumerRecord<String, String>> answers = new ArrayList<>();

  public Wire(String bootstrap) {
    producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrap), new StringSerializer(), new StringSerializer());
    consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                bootstrap,
                "group.id",
                "test-" + UUID.randomUUID(),
                "auto.offset.reset",
                "earliest"),
            new StringDeserializer(),
            new StringDeserializer());
    consumer.subscribe(List.of(Topics.VALIDATION_COMPLETED));
  }

  /** Publishes a run's question about tables of schema public. */
  void ask(String eventId, UUID run, Phase phase, String target, String... tables) {
    String touched =
        Stream.of(tables)
            .map("{\"schema\":\"public\",\"name\":\"%s\"}"::formatted)
            .collect(Collectors.joining(","));
    publish(
        eventId,
        target,
        """
        {"runId":"%s","sequence":3,"state":"%s","operation":"EXECUTE","target":"%s","phase":"%s",
         "step":"AWAITING_VALIDATION","touched":[%s],"at":"2026-11-01T10:00:00Z"}
        """
            .formatted(
                run, phase == Phase.BEFORE ? "VALIDATING" : "VERIFYING", target, phase, touched));
  }

  void publish(String eventId, String target, String payload) {
    ProducerRecord<String, String> record =
        new ProducerRecord<>(Topics.MIGRATION_PROGRESS, target, payload);
    record.headers().add("ce_specversion", "1.0".getBytes(UTF_8));
    record.headers().add("ce_id", eventId.getBytes(UTF_8));
    record.headers().add("ce_type", EventType.MIGRATION_PROGRESS.cloudEventType().getBytes(UTF_8));
    record.headers().add("ce_source", "/test".getBytes(UTF_8));
    try {
      producer.send(record).get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** All answers so far for the run. */
  List<ConsumerRecord<String, String>> answers(UUID run) {
    consumer.poll(Duration.ofMillis(200)).forEach(answers::add);
    return answers.stream().filter(answer -> answer.value().contains(run.toString())).toList();
  }

  /** All that was told of a target so far. */
  public List<ValidationCompleted> completed(String target) {
    consumer.poll(Duration.ofMillis(200)).forEach(answers::add);
    return answers.stream()
        .filter(answer -> target.equals(answer.key()))
        .map(answer -> read(answer.value()))
        .toList();
  }

  private static ValidationCompleted read(String value) {
    try {
      return new ObjectMapper().readValue(value, ValidationCompleted.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    producer.close();
    consumer.close();
  }
}

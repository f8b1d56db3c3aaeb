package io.whimbrel.benchmark;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.whimbrel.event.RunStateName;
import io.whimbrel.event.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Asks for runs on Kafka, as another system would, and reads there how they end. */
final class ExecutorClient implements AutoCloseable {

  private static final Map<String, Boolean> BARE =
      Map.of("validateBefore", false, "validateAfter", false, "createBackup", false);

  private final JsonMapper json = new JsonMapper();
  private final KafkaProducer<String, byte[]> requests;
  private final KafkaConsumer<String, byte[]> progress;

  ExecutorClient(String bootstrapServers) {
    Map<String, Object> settings = Map.of("bootstrap.servers", bootstrapServers);
    requests = new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer());
    progress = new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer());
    progress.assign(
        progress.partitionsFor(Topics.MIGRATION_PROGRESS).stream()
            .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
            .toList());
  }

  /**
   * Returns when a run of each target has applied all that was pending.
   *
   * @throws IllegalStateException if one ends otherwise
   */
  void migrate(List<String> targets) throws Exception {
    progress.seekToEnd(progress.assignment());
    progress.assignment().forEach(progress::position);
    Set<String> running = new HashSet<>();
    List<Future<?>> sent = new ArrayList<>();
    for (String target : targets) {
      String run = UUID.randomUUID().toString();
      running.add(run);
      byte[] request =
          json.writeValueAsBytes(
              Map.of("runId", run, "operation", "EXECUTE", "target", target, "options", BARE));
      sent.add(requests.send(new ProducerRecord<>(Topics.MIGRATION_REQUESTED, target, request)));
    }
    for (Future<?> one : sent) {
      one.get();
    }
    while (!running.isEmpty()) {
      for (ConsumerRecord<String, byte[]> record : progress.poll(Duration.ofMillis(100))) {
        JsonNode event = json.readTree(record.value());
        RunStateName state = RunStateName.valueOf(event.path("state").asText());
        if (state == RunStateName.COMPLETED) {
          running.remove(event.path("runId").asText());
        } else if (state.terminal() && running.contains(event.path("runId").asText())) {
          throw new IllegalStateException("A run failed: " + new String(record.value(), UTF_8));
        }
      }
    }
  }

  @Override
  public void close() {
    requests.close();
    progress.close();
  }
}

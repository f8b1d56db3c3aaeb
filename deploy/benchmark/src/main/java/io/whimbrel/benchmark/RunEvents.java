package io.whimbrel.benchmark;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.whimbrel.event.EventType;
import io.whimbrel.event.RunStateName;
import io.whimbrel.event.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Events of made-up runs on 50 targets, spread over 30 days; one run in twenty fails. */
record RunEvents(Instant begin) {
  private static final int TARGETS = 50;
  static final int DAYS = 30;
  private static final Duration SPREAD = Duration.ofDays(DAYS);

  private static final List<RunStateName> WAY =
      List.of(
          RunStateName.REQUESTED,
          RunStateName.PLANNED,
          RunStateName.VALIDATING,
          RunStateName.BACKING_UP,
          RunStateName.APPLYING,
          RunStateName.APPLYING,
          RunStateName.APPLYING,
          RunStateName.APPLYING,
          RunStateName.VERIFYING,
          RunStateName.COMPLETED);

  static final int OF_A_RUN = WAY.size();

  static String target(int run) {
    return "target-" + run % TARGETS;
  }

  static UUID run(int run) {
    return UUID.nameUUIDFromBytes(("run " + run).getBytes(UTF_8));
  }

  void publish(String bootstrapServers, int count) throws Exception {
    int runs = Math.max(1, count / OF_A_RUN);
    long apart = SPREAD.toMillis() / runs;
    Map<String, Object> settings =
        Map.of("bootstrap.servers", bootstrapServers, "linger.ms", 20, "batch.size", 1 << 17);
    try (KafkaProducer<String, byte[]> producer =
        new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer())) {
      List<Future<?>> sent = new ArrayList<>();
      for (int run = 0; run < runs; run++) {
        for (int i = 0; i < OF_A_RUN; i++) {
          sent.add(producer.send(record(run, i, begin.plusMillis(apart * run + 250L * i))));
        }
        if (run % 1_000 == 999 || run == runs - 1) {
          for (Future<?> one : sent) {
            one.get();
          }
          sent.clear();
        }
      }
    }
  }

  private static ProducerRecord<String, byte[]> record(int run, int i, Instant at) {
    boolean fails = run % 20 == 0 && i == OF_A_RUN - 1;
    RunStateName state = fails ? RunStateName.FAILED : WAY.get(i);
    String json =
        """
        {"runId":"%s","sequence":%d,"state":"%s","operation":"EXECUTE","target":"%s",\
        "migration":"V%d__change.sql","statement":%d,"of":4,"percent":%d,\
        "message":"Applies what was asked for","at":"%s"}\
        """
            .formatted(run(run), i + 1, state, target(run), run % 90 + 1, i / 3 + 1, i * 10, at);
    ProducerRecord<String, byte[]> record =
        new ProducerRecord<>(Topics.MIGRATION_PROGRESS, target(run), json.getBytes(UTF_8));
    header(record, "ce_specversion", "1.0");
    header(record, "ce_id", "benchmark-" + run + "-" + i);
    header(record, "ce_type", EventType.MIGRATION_PROGRESS.cloudEventType());
    header(record, "ce_source", "/benchmark");
    header(record, "ce_time", at.toString());
    return record;
  }

  private static void header(ProducerRecord<String, byte[]> record, String name, String value) {
    record.headers().add(name, value.getBytes(UTF_8));
  }
}

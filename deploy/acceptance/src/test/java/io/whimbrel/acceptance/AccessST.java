package io.whimbrel.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.whimbrel.event.EventType;
import io.whimbrel.event.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may write to which topic, tried with the credentials of every service. */
@WholeSuite
class AccessST {
  private static final String GATEWAY = "api-gateway";
  private static final String EXECUTOR = "migration-executor";
  private static final String VALIDATION = "validation-service";
  private static final String MONITORING = "monitoring-service";
  private static final Map<String, String> WRITER =
      Map.of(
          Topics.MIGRATION_REQUESTED, GATEWAY,
          Topics.MIGRATION_PROGRESS, EXECUTOR,
          Topics.VALIDATION_COMPLETED, VALIDATION,
          Topics.ALERT_RAISED, MONITORING);
  private static final Map<String, List<String>> READS =
      Map.of(
          GATEWAY, List.of(Topics.MIGRATION_PROGRESS, Topics.ALERT_RAISED),
          EXECUTOR, List.of(Topics.MIGRATION_REQUESTED, Topics.VALIDATION_COMPLETED),
          VALIDATION, List.of(Topics.MIGRATION_PROGRESS),
          MONITORING, Stream.of(EventType.values()).map(EventType::topic).toList());

  private final Suite suite;

  AccessST(Suite suite) {
    this.suite = suite;
  }

  @ParameterizedTest
  @ValueSource(strings = {GATEWAY, EXECUTOR, VALIDATION, MONITORING})
  void aServiceWritesToItsOwnTopicsAndIsRefusedAtAllOthers(String service) {
    String mark = "not yours " + UUID.randomUUID();
    try (KafkaProducer<String, byte[]> producer = producer(service)) {
      for (String topic : topics()) {
        if (service.equals(writer(topic))) {
          assertThat(operations(service, topic)).as(topic).contains("WRITE");
        } else {
          assertThatThrownBy(() -> send(producer, topic, mark))
              .as("%s to %s", service, topic)
              .hasCauseInstanceOf(TopicAuthorizationException.class)
              .hasMessageContaining(topic);
        }
      }
    }
    assertThat(topics().stream().flatMap(suite.kafka()::records))
        .noneMatch(
            record -> record.value() != null && mark.equals(new String(record.value(), UTF_8)));
  }

  /** DESCRIBE comes with the right to read or to write; deleting and altering are nobody's. */
  @ParameterizedTest
  @ValueSource(strings = {GATEWAY, EXECUTOR, VALIDATION, MONITORING})
  void aServiceHasTheRightsItNeedsAndNoMore(String service) {
    for (String topic : topics()) {
      List<String> expected = new ArrayList<>();
      if (READS.getOrDefault(service, List.of()).contains(topic)) {
        expected.add("READ");
      }
      if (service.equals(writer(topic))) {
        expected.add("WRITE");
      }
      if (!expected.isEmpty()) {
        expected.add("DESCRIBE");
      }
      assertThat(operations(service, topic))
          .as("%s on %s", service, topic)
          .containsExactlyInAnyOrderElementsOf(expected);
    }
  }

  @Test
  void theOffsetsOfAServiceAreItsOwn() throws Exception {
    assertThatThrownBy(() -> offsets(VALIDATION, EXECUTOR))
        .hasCauseInstanceOf(GroupAuthorizationException.class);

    TestTarget target = suite.target().script("V1__a.sql", "create table a (id int primary key);");
    suite.kafka().plainRequest(Requests.execute(UUID.randomUUID(), target));
    await("the offset of a request")
        .atMost(Api.PATIENCE)
        .until(() -> !offsets(MONITORING, EXECUTOR).isEmpty());
  }

  @Test
  void whoHasNoPasswordIsNotLetIn() {
    Map<String, Object> settings = suite.stack().kafka().clientSettings(GATEWAY, "guessed");
    try (Admin admin = Admin.create(settings)) {
      assertThatThrownBy(() -> admin.listTopics().names().get(30, TimeUnit.SECONDS))
          .hasCauseInstanceOf(SaslAuthenticationException.class);
    }
  }

  private List<String> operations(String service, String topic) {
    try (Admin admin = Admin.create(suite.stack().kafkaSettings(service))) {
      return Rights.onTopic(admin, topic);
    }
  }

  private Map<?, ?> offsets(String service, String group) throws Exception {
    try (Admin admin = Admin.create(suite.stack().kafkaSettings(service))) {
      return admin
          .listConsumerGroupOffsets(group)
          .partitionsToOffsetAndMetadata()
          .get(30, TimeUnit.SECONDS);
    }
  }

  private static List<String> topics() {
    return Stream.of(EventType.values())
        .map(EventType::topic)
        .flatMap(topic -> Stream.of(topic, topic + Topics.DEAD_LETTER_SUFFIX))
        .toList();
  }

  private static String writer(String topic) {
    return topic.endsWith(Topics.DEAD_LETTER_SUFFIX)
        ? MONITORING
        : WRITER.getOrDefault(topic, "nobody");
  }

  private KafkaProducer<String, byte[]> producer(String service) {
    return new KafkaProducer<>(
        suite.stack().kafkaSettings(service), new StringSerializer(), new ByteArraySerializer());
  }

  private static void send(KafkaProducer<String, byte[]> producer, String topic, String value)
      throws ExecutionException, InterruptedException {
    producer.send(new ProducerRecord<>(topic, "nowhere", value.getBytes(UTF_8))).get();
  }
}

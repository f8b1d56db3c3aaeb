package io.whimbrel.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.whimbrel.event.EventType;
import io.whimbrel.event.RunStateName;
import io.whimbrel.event.Topics;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Records that are no events. */
@WholeSuite
class DeadLetterST {
  private final Suite suite;

  DeadLetterST(Suite suite) {
    this.suite = suite;
  }

  @ParameterizedTest
  @EnumSource
  void aMalformedRecordIsLaidAsideWithItsReason(EventType type) {
    byte[] bytes = ("{\"runId\": 17, broken " + UUID.randomUUID()).getBytes(UTF_8);

    RecordMetadata sent =
        suite
            .kafka()
            .send(
                type.topic(),
                "somewhere",
                Map.of(
                    "ce_specversion",
                    "1.0",
                    "ce_id",
                    UUID.randomUUID().toString(),
                    "ce_type",
                    type.cloudEventType(),
                    "ce_source",
                    "/acceptance"),
                bytes);

    ConsumerRecord<String, byte[]> letter = awaitLetter(sent);
    assertThat(letter.value()).isEqualTo(bytes);
    assertThat(letter.key()).isEqualTo("somewhere");
    assertThat(KafkaProbe.header(letter, "dead-letter-reason")).isNotBlank();
    assertThat(KafkaProbe.header(letter, "ce_source")).isEqualTo("/acceptance");
    assertOneAlert(sent);
  }

  @Test
  void recordsBehindAMalformedOneAreTaken() {
    TestTarget target = suite.target().script("V1__a.sql", "create table a (id int primary key);");
    UUID id = UUID.randomUUID();
    String key = target.name();

    RecordMetadata nothing = suite.kafka().send(Topics.MIGRATION_REQUESTED, key, Map.of(), null);
    RecordMetadata noJson =
        suite
            .kafka()
            .send(Topics.MIGRATION_REQUESTED, key, Map.of(), new byte[] {(byte) 0xff, 0, 1});
    RecordMetadata noEvent =
        suite
            .kafka()
            .send(
                Topics.MIGRATION_REQUESTED,
                key,
                Map.of(),
                "{\"operation\": \"DROP\", \"sql\": \"drop table a\"}".getBytes(UTF_8));
    suite.kafka().plainRequest(Requests.execute(id, target));

    assertThat(suite.api().awaitEnd(id).state()).isEqualTo(RunStateName.COMPLETED);
    for (RecordMetadata sent : List.of(nothing, noJson, noEvent)) {
      ConsumerRecord<String, byte[]> letter = awaitLetter(sent);
      assertThat(KafkaProbe.header(letter, "dead-letter-reason")).doesNotContain("drop table");
      assertOneAlert(sent);
    }
    suite.invariantsHold(target);
  }

  private ConsumerRecord<String, byte[]> awaitLetter(RecordMetadata sent) {
    List<ConsumerRecord<String, byte[]>> letters =
        await("the dead letter of " + sent)
            .atMost(Api.PATIENCE)
            .until(
                () ->
                    suite
                        .kafka()
                        .records(sent.topic() + Topics.DEAD_LETTER_SUFFIX)
                        .filter(letter -> of(letter, sent))
                        .toList(),
                found -> !found.isEmpty());
    assertThat(letters).hasSize(1);
    return letters.get(0);
  }

  private static boolean of(ConsumerRecord<String, byte[]> letter, RecordMetadata sent) {
    return KafkaProbe.header(letter, "dead-letter-topic").equals(sent.topic())
        && KafkaProbe.header(letter, "dead-letter-partition").equals("" + sent.partition())
        && KafkaProbe.header(letter, "dead-letter-offset").equals("" + sent.offset());
  }

  private void assertOneAlert(RecordMetadata sent) {
    String cause = "dead-letter:%s:%d:%d".formatted(sent.topic(), sent.partition(), sent.offset());
    await("the alert of " + sent)
        .atMost(Api.PATIENCE)
        .untilAsserted(
            () ->
                assertThat(
                        suite
                            .kafka()
                            .records(Topics.ALERT_RAISED)
                            .filter(alert -> alert.headers().lastHeader("ce_id") != null)
                            .map(alert -> new String(alert.value(), UTF_8))
                            .filter(alert -> alert.contains(cause + "\"")))
                    .hasSize(1));
  }
}

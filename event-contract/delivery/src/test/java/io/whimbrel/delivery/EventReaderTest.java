package io.whimbrel.delivery;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.whimbrel.event.EventType;
import io.whimbrel.event.MigrationRequested;
import io.whimbrel.event.Operation;
import io.whimbrel.event.RunOptions;
import io.whimbrel.event.Topics;
import java.time.Instant;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventReaderTest {
  private static final UUID RUN = UUID.fromString("0f0e1a52-62c6-4d4a-9c39-5b2cf1b3d0a1");
  private static final String REQUEST =
      "{\"runId\":\"" + RUN + "\",\"operation\":\"EXECUTE\",\"target\":\"orders\"}";

  private final EventReader reader = new EventReader();

  @Test
  void aRequestInBinaryModeIsReadWithItsAttributes() throws Unreadable {
    ConsumerRecord<String, byte[]> record = request(REQUEST.getBytes(UTF_8));
    record.headers().add("ce_time", "2026-11-01T10:00:00Z".getBytes(UTF_8));
    Received<MigrationRequested> received = read(record);
    assertThat(received.id()).isEqualTo("e-1");
    assertThat(received.source()).isEqualTo("/orders");
    assertThat(received.time()).isEqualTo(Instant.parse("2026-11-01T10:00:00Z"));
    assertThat(received.event().operation()).isEqualTo(Operation.EXECUTE);
    assertThat(received.event().runId()).isEqualTo(RUN);
  }

  @Test
  void optionsThatARequestLeavesOutTakeTheirDefaults() throws Unreadable {
    String text = REQUEST.replace("}", ",\"options\":{\"createBackup\":false}}");
    RunOptions options = read(request(text.getBytes(UTF_8))).event().options();
    assertThat(options).isEqualTo(new RunOptions(true, true, false, true, true, false, false));
  }

  @Test
  void plainJsonIsARequestWhoseIdIsItsRun() throws Unreadable {
    Received<MigrationRequested> received = read(record(REQUEST.getBytes(UTF_8)));
    assertThat(received.id()).isEqualTo(RUN.toString());
  }

  @Test
  void plainJsonIsNothingOnOtherTopics() {
    assertThatThrownBy(() -> reader.read(Topics.ALERT_RAISED, record("{}".getBytes(UTF_8))))
        .isInstanceOf(Unreadable.class)
        .hasMessageContaining("CloudEvents headers");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "{",
        "secret",
        "{\"runId\":\"secret\",\"operation\":\"EXECUTE\",\"target\":\"orders\"}",
        "{\"runId\":\"0f0e1a52-62c6-4d4a-9c39-5b2cf1b3d0a1\",\"operation\":\"secret\",\"target\":\"orders\"}",
        "{\"runId\":\"0f0e1a52-62c6-4d4a-9c39-5b2cf1b3d0a1\",\"operation\":\"EXECUTE\",\"target\":\"secret;"
            + " drop\"}",
        "{\"runId\":\"0f0e1a52-62c6-4d4a-9c39-5b2cf1b3d0a1\",\"operation\":\"EXECUTE\"}",
        "{\"operation\":\"EXECUTE\",\"target\":\"orders\",\"target\":\"secret\"}"
      })
  void whatFitsNoSchemaIsUnreadableAndNotRepeated(String payload) {
    assertThatThrownBy(() -> read(request(payload.getBytes(UTF_8))))
        .isInstanceOf(Unreadable.class)
        .message()
        .doesNotContain("secret");
  }

  @Test
  void aRecordWithoutPayloadIsUnreadable() {
    assertThatThrownBy(() -> read(request(null))).isInstanceOf(Unreadable.class);
  }

  @Test
  void whatIsNoUtf8IsUnreadable() {
    byte[] latin = REQUEST.replace("orders", "\u00e9").getBytes(ISO_8859_1);
    assertThatThrownBy(() -> read(request(latin))).hasMessageContaining("UTF-8");
  }

  @Test
  void anotherTypeIsUnreadableWhateverItsPayload() {
    ConsumerRecord<String, byte[]> record = request(REQUEST.getBytes(UTF_8));
    record.headers().remove("ce_type").add("ce_type", "java.lang.Runtime".getBytes(UTF_8));
    assertThatThrownBy(() -> read(record)).hasMessageContaining("ce_type is not");
  }

  private Received<MigrationRequested> read(ConsumerRecord<String, byte[]> record)
      throws Unreadable {
    return reader.read(EventType.MIGRATION_REQUESTED, MigrationRequested.class, record);
  }

  private static ConsumerRecord<String, byte[]> request(byte @Nullable [] payload) {
    ConsumerRecord<String, byte[]> record = record(payload);
    record.headers().add("ce_specversion", "1.0".getBytes(UTF_8));
    record.headers().add("ce_id", "e-1".getBytes(UTF_8));
    record.headers().add("ce_type", EventType.MIGRATION_REQUESTED.cloudEventType().getBytes(UTF_8));
    record.headers().add("ce_source", "/orders".getBytes(UTF_8));
    return record;
  }

  private static ConsumerRecord<String, byte[]> record(byte @Nullable [] payload) {
    return new ConsumerRecord<>(Topics.MIGRATION_REQUESTED, 0, 0, "orders", payload);
  }
}

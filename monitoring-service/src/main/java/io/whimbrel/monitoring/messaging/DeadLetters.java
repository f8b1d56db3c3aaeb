package io.whimbrel.monitoring.messaging;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.whimbrel.delivery.Inbox;
import io.whimbrel.delivery.Outbox;
import io.whimbrel.event.Severity;
import io.whimbrel.event.Topics;
import io.whimbrel.monitoring.alert.Alert;
import io.whimbrel.monitoring.alert.AlertKind;
import io.whimbrel.monitoring.alert.Alerts;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Lays unreadable records aside. Each is counted, published once with its bytes and the reason, and
 * has one alert, all in the caller's transaction.
 */
@ApplicationScoped
class DeadLetters {
  private static final Logger LOG = Logger.getLogger(DeadLetters.class);

  /** With its headers the letter has to fit into a record of Kafka's default size, 1 MiB. */
  private static final int LARGEST = 960 * 1024;

  private static final int LARGEST_HEADERS = 16 * 1024;

  private final Inbox inbox;
  private final DeadLetterRepository letters;
  private final Outbox outbox;
  private final Alerts alerts;

  DeadLetters(Inbox inbox, DeadLetterRepository letters, Outbox outbox, Alerts alerts) {
    this.inbox = inbox;
    this.letters = letters;
    this.outbox = outbox;
    this.alerts = alerts;
  }

  /**
   * Lays a record aside, unless it lies there already.
   *
   * @param reason continues the sentence "the record ..." and repeats no input
   */
  @Transactional(TxType.MANDATORY)
  public void add(ConsumerRecord<String, byte[]> record, String reason) {
    String topic = record.topic() + Topics.DEAD_LETTER_SUFFIX;
    if (!inbox.first(topic, record.partition() + ":" + record.offset())) {
      return;
    }
    letters.insert(record.topic(), record.partition(), record.offset(), reason);
    outbox.append(topic, key(record), headers(record, reason), payload(record));
    alerts.raise(alert(record, reason));
    LOG.warnf(
        "Dead letter: record %s-%d@%d %s",
        record.topic(), record.partition(), record.offset(), reason);
  }

  private static @Nullable String key(ConsumerRecord<String, byte[]> record) {
    return record.key() == null ? null : storable(record.key());
  }

  private static Map<String, byte[]> headers(ConsumerRecord<String, byte[]> record, String reason) {
    Map<String, byte[]> headers = new LinkedHashMap<>();
    int size = 0;
    for (Header header : record.headers()) {
      size += header.key().length() + (header.value() == null ? 0 : header.value().length);
      if (size <= LARGEST_HEADERS && header.value() != null) {
        headers.put(storable(header.key()), header.value());
      }
    }
    headers.put("dead-letter-reason", reason.getBytes(UTF_8));
    headers.put("dead-letter-topic", record.topic().getBytes(UTF_8));
    headers.put("dead-letter-partition", text(record.partition()));
    headers.put("dead-letter-offset", text(record.offset()));
    if (record.value() != null && record.value().length > LARGEST) {
      headers.put("dead-letter-cut-from-bytes", text(record.value().length));
    }
    return headers;
  }

  private static byte[] text(long number) {
    return Long.toString(number).getBytes(UTF_8);
  }

  private static byte @Nullable [] payload(ConsumerRecord<String, byte[]> record) {
    byte[] value = record.value();
    return value == null || value.length <= LARGEST ? value : Arrays.copyOf(value, LARGEST);
  }

  /** PostgreSQL's text takes every character but this one. */
  private static String storable(String text) {
    return text.replace('\0', '\uFFFD');
  }

  private static Alert alert(ConsumerRecord<String, byte[]> record, String reason) {
    String place = record.topic() + ", partition " + record.partition();
    return Alert.of(
        AlertKind.DEAD_LETTER,
        Severity.ERROR,
        "A record of " + record.topic() + " could not be read",
        "The record at offset %d of %s %s. It was passed over and lies in %s with its bytes. Find its publisher by its headers, mend it and publish again."
            .formatted(record.offset(), place, reason, record.topic() + Topics.DEAD_LETTER_SUFFIX),
        "dead-letter:" + record.topic() + ":" + record.partition() + ":" + record.offset(),
        Instant.ofEpochMilli(record.timestamp()));
  }
}

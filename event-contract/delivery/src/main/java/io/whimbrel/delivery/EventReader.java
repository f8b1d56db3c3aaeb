package io.whimbrel.delivery;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.whimbrel.event.Event;
import io.whimbrel.event.EventType;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * Reads the events of a topic from raw records: CloudEvents 1.0 in Kafka's binary mode, payload by
 * the JSON Schema of the topic. A request may also come as plain JSON. The type is that of the
 * topic; no header chooses a class.
 */
@ApplicationScoped
public class EventReader {
  private static final int MAX_ID = 255;
  private static final int MAX_PAYLOAD = 1_048_576;

  private final Map<EventType, Schema> schemas = new EnumMap<>(EventType.class);

  public EventReader() {
    SchemaRegistry registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
    for (EventType type : EventType.values()) {
      schemas.put(type, load(registry, type));
    }
  }

  private static Schema load(SchemaRegistry registry, EventType type) {
    try (InputStream in = EventType.class.getResourceAsStream(type.schema())) {
      if (in == null) {
        throw new IllegalStateException("no schema " + type.schema() + " on the class path");
      }
      return registry.getSchema(in, InputFormat.JSON);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads a record of a topic whose event the caller does not need typed. */
  public Received<?> read(String topic, ConsumerRecord<?, byte[]> record) throws Unreadable {
    EventType type =
        EventType.ofTopic(topic)
            .orElseThrow(() -> new IllegalArgumentException("no topic of ours: " + topic));
    return read(type, type.payload(), record);
  }

  /** Whether a record of the type's topic is of another type that travels there. */
  public static boolean isOther(EventType type, ConsumerRecord<?, byte[]> record) {
    String cloudEventType = header(record, "ce_type");
    return cloudEventType != null && type.sharesTopicWith(cloudEventType);
  }

  /**
   * Reads a record as an event of the given type.
   *
   * @throws Unreadable if it is none; the next record is not affected
   */
  public <E extends Event> Received<E> read(
      EventType type, Class<E> as, ConsumerRecord<?, byte[]> record) throws Unreadable {
    String id = header(record, "ce_id");
    boolean plain = header(record, "ce_specversion") == null && id == null;
    if (plain && type != EventType.MIGRATION_REQUESTED) {
      throw new Unreadable("has no CloudEvents headers (ce_specversion, ce_id, ce_type)");
    }
    if (!plain) {
      checkAttributes(type, record);
    }
    E event = payload(type, as, record);
    String eventId = plain ? String.valueOf(event.runId()) : String.valueOf(id);
    String source = header(record, "ce_source");
    return new Received<>(eventId, source == null ? "unknown" : source, time(record), event);
  }

  /** Reads the payload of an event that was read, and kept, before. */
  public Event again(EventType type, String payload) {
    try {
      return EventJson.MAPPER.readValue(payload, type.payload());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a kept " + type + " is not its JSON any more", e);
    }
  }

  private static void checkAttributes(EventType type, ConsumerRecord<?, byte[]> record)
      throws Unreadable {
    if (!"1.0".equals(header(record, "ce_specversion"))) {
      throw new Unreadable("ce_specversion is not 1.0");
    }
    String id = header(record, "ce_id");
    if (id == null || id.isBlank() || id.length() > MAX_ID) {
      throw new Unreadable("ce_id is missing, empty or longer than " + MAX_ID + " characters");
    }
    if (!type.cloudEventType().equals(header(record, "ce_type"))) {
      throw new Unreadable("ce_type is not " + type.cloudEventType());
    }
  }

  private <E extends Event> E payload(EventType type, Class<E> as, ConsumerRecord<?, byte[]> record)
      throws Unreadable {
    byte[] value = record.value();
    if (value == null) {
      throw new Unreadable("has no payload");
    }
    if (value.length > MAX_PAYLOAD) {
      throw new Unreadable("payload is larger than " + MAX_PAYLOAD + " bytes");
    }
    try {
      JsonNode json = EventJson.MAPPER.readTree(utf8(value));
      List<Error> errors =
          Objects.requireNonNull(schemas.get(type))
              .validate(json, ctx -> ctx.executionConfig(c -> c.formatAssertionsEnabled(true)));
      if (!errors.isEmpty()) {
        throw new Unreadable("does not fit " + type.schema() + ": " + describe(errors));
      }
      return EventJson.MAPPER.treeToValue(json, as);
    } catch (CharacterCodingException e) {
      throw new Unreadable("payload is not UTF-8");
    } catch (JsonProcessingException e) {
      throw new Unreadable("payload is not the JSON of a " + as.getSimpleName());
    }
  }

  private static String utf8(byte[] value) throws CharacterCodingException {
    return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(value)).toString();
  }

  /** Names places and rules of the schema, never a value of the payload. */
  private static String describe(List<Error> errors) {
    return errors.stream()
        .limit(5)
        .map(
            e ->
                e.getInstanceLocation()
                    + " breaks "
                    + e.getKeyword()
                    + (e.getProperty() == null || !"required".equals(e.getKeyword())
                        ? ""
                        : " " + e.getProperty()))
        .collect(Collectors.joining(", "));
  }

  private static Instant time(ConsumerRecord<?, byte[]> record) throws Unreadable {
    String time = header(record, "ce_time");
    if (time == null) {
      return Instant.ofEpochMilli(record.timestamp());
    }
    try {
      return OffsetDateTime.parse(time).toInstant();
    } catch (DateTimeException e) {
      throw new Unreadable("ce_time is no RFC 3339 time");
    }
  }

  private static @Nullable String header(ConsumerRecord<?, byte[]> record, String name) {
    Header header = record.headers().lastHeader(name);
    return header == null || header.value() == null
        ? null
        : new String(header.value(), StandardCharsets.UTF_8);
  }
}

package io.whimbrel.gateway.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.context.Context;
import io.smallrye.mutiny.Uni;
import io.whimbrel.event.CommandAudited;
import io.whimbrel.event.Event;
import io.whimbrel.event.MigrationRequested;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;

/** Writes requests, and what is for the audit trail, to Kafka as CloudEvents 1.0 in binary mode. */
@ApplicationScoped
class RequestPublisher {
  static final String SOURCE = "/whimbrel/api-gateway";

  private final RequestProducer producer;
  private final ObjectMapper mapper;
  private final OpenTelemetry telemetry;
  private final SuperAdminGrant grant;

  RequestPublisher(
      RequestProducer producer,
      ObjectMapper mapper,
      OpenTelemetry telemetry,
      SuperAdminGrant grant) {
    this.producer = producer;
    this.mapper = mapper;
    this.telemetry = telemetry;
    this.grant = grant;
  }

  /**
   * Completes once Kafka has acknowledged the request; fails if it is not known to be there.
   *
   * @param superAdmin whether the one who asks has been found to be a super-admin
   */
  Uni<Void> publish(MigrationRequested request, boolean superAdmin) {
    return producer.send(record(request, superAdmin));
  }

  /** Completes once Kafka has acknowledged what is for the audit trail. */
  Uni<Void> publish(CommandAudited command) {
    return producer.send(record(command, command.id(), command.at(), json(command)));
  }

  private ProducerRecord<String, byte[]> record(MigrationRequested request, boolean superAdmin) {
    byte[] payload = json(request);
    // The same for every publication of the same run, so that consumers see repeats as one.
    UUID id = NameBasedUuid.of(request.runId(), request.type().cloudEventType());
    ProducerRecord<String, byte[]> record =
        record(request, id, Objects.requireNonNull(request.requestedAt()), payload);
    grant
        .of(request, superAdmin, payload)
        .ifPresent(value -> add(record.headers(), SuperAdminGrant.HEADER, value));
    return record;
  }

  private ProducerRecord<String, byte[]> record(Event event, UUID id, Instant at, byte[] payload) {
    ProducerRecord<String, byte[]> record =
        new ProducerRecord<>(
            event.type().topic(), Objects.requireNonNullElse(event.target(), "-"), payload);
    Headers headers = record.headers();
    add(headers, "ce_specversion", "1.0");
    add(headers, "ce_id", id.toString());
    add(headers, "ce_type", event.type().cloudEventType());
    add(headers, "ce_source", SOURCE);
    UUID run = event.runId();
    if (run != null) {
      add(headers, "ce_subject", run.toString());
    }
    add(headers, "ce_time", at.toString());
    add(headers, "content-type", "application/json");
    telemetry
        .getPropagators()
        .getTextMapPropagator()
        .inject(
            Context.current(),
            headers,
            (to, name, value) -> {
              add(Objects.requireNonNull(to), name, value);
              // As the extension attribute of CloudEvents too, which no instrument changes.
              if (name.equals("traceparent")) {
                add(to, "ce_traceparent", value);
              }
            });
    return record;
  }

  private byte[] json(Event event) {
    try {
      return mapper.writeValueAsBytes(event);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException("Events are plain records", impossible);
    }
  }

  private static void add(Headers headers, String name, String value) {
    headers.add(name, value.getBytes(UTF_8));
  }
}

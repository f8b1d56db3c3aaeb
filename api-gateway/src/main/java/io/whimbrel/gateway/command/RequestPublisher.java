package io.whimbrel.gateway.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.context.Context;
import io.smallrye.mutiny.Uni;
import io.whimbrel.event.Event;
import io.whimbrel.event.MigrationRequested;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Objects;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;

/** Writes requests to Kafka as CloudEvents 1.0 in binary mode. */
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

  private ProducerRecord<String, byte[]> record(MigrationRequested request, boolean superAdmin) {
    String type = request.type().cloudEventType();
    byte[] payload = json(request);
    ProducerRecord<String, byte[]> record =
        new ProducerRecord<>(request.type().topic(), request.target(), payload);
    Headers headers = record.headers();
    add(headers, "ce_specversion", "1.0");
    // The same for every publication of the same run, so that consumers see repeats as one.
    add(headers, "ce_id", NameBasedUuid.of(request.runId(), type).toString());
    add(headers, "ce_type", type);
    add(headers, "ce_source", SOURCE);
    add(headers, "ce_subject", request.runId().toString());
    add(headers, "ce_time", Objects.requireNonNull(request.requestedAt()).toString());
    add(headers, "content-type", "application/json");
    grant
        .of(request, superAdmin, payload)
        .ifPresent(value -> add(headers, SuperAdminGrant.HEADER, value));
    telemetry
        .getPropagators()
        .getTextMapPropagator()
        .inject(
            Context.current(),
            headers,
            (to, name, value) -> add(Objects.requireNonNull(to), name, value));
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

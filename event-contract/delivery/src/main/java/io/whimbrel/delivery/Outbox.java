package io.whimbrel.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.whimbrel.event.Event;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import jakarta.transaction.TransactionSynchronizationRegistry;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * Events on their way out. What is appended is published if and only if the caller's transaction
 * commits, in the order of appending for each run, at least once.
 */
@ApplicationScoped
public class Outbox {
  private final OutboxTable table;
  private final OutboxRelay relay;
  private final TransactionSynchronizationRegistry transaction;
  private final Traces traces;
  private final String source;

  Outbox(
      DataSource dataSource,
      OutboxRelay relay,
      TransactionSynchronizationRegistry transaction,
      Traces traces,
      @ConfigProperty(name = "quarkus.application.name") String application) {
    this.table = new OutboxTable(Jdbi.create(dataSource));
    this.relay = relay;
    this.transaction = transaction;
    this.traces = traces;
    this.source = "/whimbrel/" + application;
  }

  /**
   * Appends an event with an id of its own.
   *
   * @param trace the one that the event belongs to, whatever the calling thread is in; null if it
   *     is that of the calling thread
   */
  @Transactional(TxType.MANDATORY)
  public void append(Event event, @Nullable String trace) {
    append(UUID.randomUUID(), event, traces.hereWithin(trace));
  }

  /** Appends an event unless one of this id is in the outbox already. */
  @Transactional(TxType.MANDATORY)
  public void append(UUID eventId, Event event) {
    append(eventId, event, traces.here());
  }

  private void append(UUID eventId, Event event, @Nullable String trace) {
    Map<String, byte[]> headers = new LinkedHashMap<>();
    headers.put("ce_specversion", "1.0".getBytes(UTF_8));
    headers.put("ce_id", eventId.toString().getBytes(UTF_8));
    headers.put("ce_type", event.type().cloudEventType().getBytes(UTF_8));
    headers.put("ce_source", source.getBytes(UTF_8));
    UUID run = event.runId();
    if (run != null) {
      headers.put("ce_subject", run.toString().getBytes(UTF_8));
    }
    headers.put("ce_time", Instant.now().truncatedTo(ChronoUnit.MILLIS).toString().getBytes(UTF_8));
    headers.put("content-type", "application/json".getBytes(UTF_8));
    if (trace != null) {
      headers.put(Trace.ATTRIBUTE, trace.getBytes(UTF_8));
    }
    table.insert(
        new OutboxTable.Row(
            eventId.toString(), event.type().topic(), event.target(), headers, json(event)));
    publishAfterCommit();
  }

  /** Appends a record as it is, for dead letters. */
  @Transactional(TxType.MANDATORY)
  public void append(
      String topic, @Nullable String key, Map<String, byte[]> headers, byte @Nullable [] payload) {
    table.insert(new OutboxTable.Row(null, topic, key, headers, payload));
    publishAfterCommit();
  }

  private static byte[] json(Event event) {
    try {
      return EventJson.MAPPER.writeValueAsBytes(event);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a " + event.type() + " cannot be written as JSON", e);
    }
  }

  private void publishAfterCommit() {
    transaction.registerInterposedSynchronization(
        new Synchronization() {
          @Override
          public void beforeCompletion() {}

          @Override
          public void afterCompletion(int status) {
            if (status == Status.STATUS_COMMITTED) {
              relay.wake();
            }
          }
        });
  }
}

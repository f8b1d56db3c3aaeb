package io.whimbrel.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Identifier;
import io.whimbrel.delivery.OutboxTable.Pending;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * Publishes the outbox. One relay at a time, over all instances of the service, sends what is
 * unpublished in the order of its positions; of a batch only the part before the first failure
 * counts as published. If it stops after Kafka's acknowledgement and before its own commit, the
 * events are sent again: consumers know them by their ids. An event that is too large for its topic
 * will never be taken: it is set aside in the outbox, with the reason, and those behind it go on.
 */
@ApplicationScoped
public class OutboxRelay {
  private static final Logger LOG = Logger.getLogger(OutboxRelay.class);
  private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);

  private final Jdbi jdbi;
  private final DeliveryConfig config;
  private final Map<String, Object> kafka;
  private final Traces traces;
  private final Counter published;
  private final Counter failures;
  private final Counter refused;
  private final Semaphore work = new Semaphore(0);
  private volatile @Nullable Instant waitingSince;
  private final Thread thread = new Thread(this::run, "outbox-relay");
  private volatile boolean stopping;
  private @Nullable KafkaProducer<String, byte[]> producer;

  OutboxRelay(
      DataSource dataSource,
      DeliveryConfig config,
      @Identifier("default-kafka-broker") Map<String, Object> kafka,
      Traces traces,
      MeterRegistry metrics) {
    this.jdbi = Jdbi.create(dataSource);
    this.config = config;
    this.kafka = kafka;
    this.traces = traces;
    this.published = metrics.counter("whimbrel.outbox.published");
    this.failures = metrics.counter("whimbrel.outbox.failures");
    this.refused = metrics.counter("whimbrel.outbox.refused");
    Gauge.builder("whimbrel.outbox.lag", this, relay -> relay.lag().toMillis() / 1e3)
        .description("How long the event has waited that has waited longest to be sent")
        .baseUnit("seconds")
        .register(metrics);
  }

  void start(@Observes StartupEvent event) {
    thread.setDaemon(true);
    thread.start();
  }

  void stop(@Observes ShutdownEvent event) throws InterruptedException {
    stopping = true;
    work.release();
    thread.join(Duration.ofSeconds(5).toMillis());
    if (producer != null) {
      producer.close(Duration.ofSeconds(1));
    }
  }

  /** There is something to publish. */
  void wake() {
    work.release();
  }

  /** How long the event has waited that has waited longest to be sent; zero if none waits. */
  public Duration lag() {
    Instant since = waitingSince;
    Instant now = Instant.now();
    return since == null || since.isAfter(now) ? Duration.ZERO : Duration.between(since, now);
  }

  private void run() {
    while (!stopping) {
      try {
        boolean more = jdbi.inTransaction(this::publishBatch) == config.batchSize();
        if (!more) {
          awaitWork(config.pollInterval());
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } catch (Exception e) {
        failed(e);
      }
    }
  }

  private void awaitWork(Duration atMost) throws InterruptedException {
    if (work.tryAcquire(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
      work.drainPermits();
    }
  }

  private void failed(Exception e) {
    failures.increment();
    if (!stopping) {
      LOG.warnf(
          "Events wait in the outbox and will be sent again in %d s: %s",
          PAUSE_AFTER_FAILURE.toSeconds(), e.getMessage());
    }
    try {
      awaitWork(PAUSE_AFTER_FAILURE);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private int publishBatch(Handle handle) throws InterruptedException {
    if (!OutboxTable.lockRelay(handle)) {
      waitingSince = OutboxTable.waitingSince(handle).orElse(null);
      return 0;
    }
    List<Pending> batch = OutboxTable.unpublished(handle, config.batchSize());
    waitingSince = batch.isEmpty() ? null : batch.get(0).since();
    if (batch.isEmpty()) {
      return 0;
    }
    List<Future<RecordMetadata>> sent = new ArrayList<>(batch.size());
    for (Pending pending : batch) {
      sent.add(send(pending.row()));
    }
    return settle(handle, batch, sent);
  }

  /** Marks what has its answer, up to the first event that has to be sent again; how many. */
  private int settle(Handle handle, List<Pending> batch, List<Future<RecordMetadata>> sent)
      throws InterruptedException {
    List<Long> acknowledged = new ArrayList<>(batch.size());
    int settled = 0;
    for (; settled < batch.size(); settled++) {
      Pending pending = batch.get(settled);
      try {
        sent.get(settled).get();
        acknowledged.add(pending.position());
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof RecordTooLargeException)) {
          failures.increment();
          LOG.warnf(
              "Kafka did not take an event for %s and will be asked again: %s",
              pending.row().topic(), String.valueOf(e.getCause()));
          break;
        }
        setAside(handle, pending, e.getCause());
      }
    }
    OutboxTable.markPublished(handle, acknowledged);
    published.increment(acknowledged.size());
    waitingSince = settled == batch.size() ? null : batch.get(settled).since();
    return settled;
  }

  private void setAside(Handle handle, Pending pending, Throwable why) {
    OutboxTable.refuse(handle, pending.position(), String.valueOf(why.getMessage()));
    refused.increment();
    LOG.errorf(
        "An event for %s is too large for its topic and was set aside at position %d of the outbox;"
            + " raise max.message.bytes of the topic and WHIMBREL_DELIVERY_MAX_EVENT_BYTES, then"
            + " set refused_at and refusal of the row to null to send it: %s",
        pending.row().topic(), pending.position(), why.getMessage());
  }

  private Future<RecordMetadata> send(OutboxTable.Row row) {
    ProducerRecord<String, byte[]> record =
        new ProducerRecord<>(row.topic(), row.key(), row.payload());
    row.headers().forEach((name, value) -> record.headers().add(name, value));
    Span span = traces.sending(row.topic(), row.eventId(), row.trace());
    String trace = Trace.of(Context.root().with(span));
    if (trace != null) {
      record.headers().add(Trace.HEADER, trace.getBytes(UTF_8));
    }
    return producer()
        .send(
            record,
            (sent, failure) -> {
              if (failure != null) {
                span.setStatus(StatusCode.ERROR, failure.getClass().getSimpleName());
              }
              span.end();
            });
  }

  private KafkaProducer<String, byte[]> producer() {
    KafkaProducer<String, byte[]> existing = producer;
    if (existing != null) {
      return existing;
    }
    Map<String, Object> settings = new HashMap<>(kafka);
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    settings.put(ProducerConfig.LINGER_MS_CONFIG, 2);
    settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, config.maxEventBytes());
    settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "zstd");
    settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 5_000);
    settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
    settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 10_000);
    settings.put(ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 1_000);
    try {
      KafkaProducer<String, byte[]> created =
          new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer());
      producer = created;
      return created;
    } catch (KafkaException e) {
      throw new IllegalStateException("no connection to Kafka: " + e.getMessage(), e);
    }
  }
}

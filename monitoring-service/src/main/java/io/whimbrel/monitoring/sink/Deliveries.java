package io.whimbrel.monitoring.sink;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.All;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.whimbrel.event.AlertRaised;
import io.whimbrel.monitoring.SqlState;
import io.whimbrel.monitoring.sink.AlertSink.NotDelivered;
import io.whimbrel.monitoring.sink.DeliveryRepository.Delivery;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Tells the sinks. What to tell is written in the transaction of the alert; an attempt that dies is
 * made again when its lease is over, so that a sink is told at least once; one that never takes it
 * is given up after a bounded number of attempts, with a line in the log and a count.
 */
@ApplicationScoped
public class Deliveries {
  private static final Logger LOG = Logger.getLogger(Deliveries.class);
  private static final Duration LEASE = Duration.ofMinutes(1);
  private static final Duration LONGEST_PAUSE = Duration.ofHours(1);

  private final DeliveryRepository deliveries;
  private final Map<String, AlertSink> sinks;
  private final SinkConfig config;
  private final ObjectMapper json;
  private final MeterRegistry metrics;

  Deliveries(
      DeliveryRepository deliveries,
      @All List<AlertSink> sinks,
      SinkConfig config,
      ObjectMapper json,
      MeterRegistry metrics) {
    this.deliveries = deliveries;
    this.sinks =
        sinks.stream()
            .filter(AlertSink::enabled)
            .collect(Collectors.toMap(AlertSink::name, Function.identity()));
    this.config = config;
    this.json = json;
    this.metrics = metrics;
  }

  /** Has every sink told, once the caller's transaction commits. */
  @Transactional(TxType.MANDATORY)
  public void tell(UUID eventId, AlertRaised alert) {
    if (sinks.isEmpty() || alert.severity().compareTo(config.from()) < 0) {
      return;
    }
    String payload = write(alert);
    sinks.keySet().forEach(sink -> deliveries.insert(eventId, sink, alert.alertId(), payload));
  }

  @Scheduled(every = "1s", concurrentExecution = ConcurrentExecution.SKIP)
  void deliver() {
    if (sinks.isEmpty()) {
      return;
    }
    try {
      Optional<Delivery> due = deliveries.claim(sinks.keySet(), LEASE);
      while (due.isPresent()) {
        attempt(due.get());
        due = deliveries.claim(sinks.keySet(), LEASE);
      }
    } catch (RuntimeException e) {
      LOG.warnf("Alerts wait for their sinks: %s", SqlState.describe(e));
    }
  }

  private void attempt(Delivery delivery) {
    AlertSink sink = sinks.get(delivery.sink());
    if (sink == null) {
      return;
    }
    try {
      sink.tell(delivery.eventId(), json.readValue(delivery.payload(), AlertRaised.class));
      deliveries.delivered(delivery);
      count(sink, "delivered");
    } catch (JsonProcessingException e) {
      deliveries.givenUp(delivery, "what was to be told is not readable any more");
    } catch (NotDelivered e) {
      notDelivered(sink, delivery, String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      notDelivered(sink, delivery, "the sink failed with " + e.getClass().getSimpleName());
    }
  }

  private void notDelivered(AlertSink sink, Delivery delivery, String why) {
    if (delivery.attempts() >= config.attempts()) {
      deliveries.givenUp(delivery, why);
      count(sink, "given_up");
      LOG.errorf(
          "An alert was not delivered by %s and will not be tried again, after %d attempts: %s",
          sink.name(), delivery.attempts(), why);
    } else {
      deliveries.failed(delivery, why, pause(delivery.attempts()));
      count(sink, "failed");
      LOG.warnf("An alert was not delivered by %s and will be tried again: %s", sink.name(), why);
    }
  }

  /** Doubles with each attempt, with a random part so that not everything comes at once. */
  private Duration pause(int attempts) {
    long base = config.firstPause().toMillis() << Math.min(attempts - 1, 20);
    long most = Math.min(base, LONGEST_PAUSE.toMillis());
    return Duration.ofMillis(most / 2 + ThreadLocalRandom.current().nextLong(most / 2 + 1));
  }

  private void count(AlertSink sink, String outcome) {
    metrics
        .counter("whimbrel.alerts.deliveries", "sink", sink.name(), "outcome", outcome)
        .increment();
  }

  private String write(AlertRaised alert) {
    try {
      return json.writeValueAsString(alert);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an alert cannot be written as JSON", e);
    }
  }
}

package io.whimbrel.monitoring.rebuild;

import io.quarkus.narayana.jta.runtime.TransactionConfiguration;
import io.whimbrel.delivery.EventReader;
import io.whimbrel.delivery.Received;
import io.whimbrel.event.EventType;
import io.whimbrel.monitoring.log.EventLogRepository;
import io.whimbrel.monitoring.log.LogEntry;
import io.whimbrel.monitoring.run.RunRepository;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;

/**
 * Makes the picture of the runs, and the figures that follow from it, anew from the event log, in
 * one transaction: if it fails, everything is as it was. Events wait meanwhile. Runs that the log
 * has forgotten in part or whole stay as they are.
 */
@ApplicationScoped
public class Rebuild {
  private static final Logger LOG = Logger.getLogger(Rebuild.class);

  private static final int LONGEST_SECONDS = 6 * 3_600;

  private final EventLogRepository log;
  private final RunRepository runs;
  private final EventReader reader;

  Rebuild(EventLogRepository log, RunRepository runs, EventReader reader) {
    this.log = log;
    this.runs = runs;
    this.reader = reader;
  }

  /**
   * What was done.
   *
   * @param events read from the log
   * @param removed runs of the picture that no event told of
   */
  public record Rebuilt(long events, int removed) {}

  @Transactional
  @TransactionConfiguration(timeout = LONGEST_SECONDS)
  public Rebuilt fromLog() {
    log.stopRecording();
    Instant from = log.completeFrom();
    runs.blank(from);
    AtomicLong events = new AtomicLong();
    log.read(
        from,
        (entries, at) -> {
          runs.add(entries.stream().<Received<?>>map(this::received).toList(), at);
          events.addAndGet(entries.size());
        });
    Rebuilt rebuilt = new Rebuilt(events.get(), runs.removeBlank());
    LOG.infof("Rebuilt the runs from %d events of the log", rebuilt.events());
    return rebuilt;
  }

  private Received<?> received(LogEntry entry) {
    EventType type = EventType.ofTopic(entry.topic()).orElseThrow();
    return new Received<>(
        entry.eventId(), entry.source(), entry.occurredAt(), reader.again(type, entry.payload()));
  }
}

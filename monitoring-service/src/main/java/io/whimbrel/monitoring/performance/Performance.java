package io.whimbrel.monitoring.performance;

import io.whimbrel.delivery.EventReader;
import io.whimbrel.event.EventType;
import io.whimbrel.event.MigrationProgress;
import io.whimbrel.event.Topics;
import io.whimbrel.monitoring.log.EventLogRepository;
import io.whimbrel.monitoring.performance.StatementTimes.StatementTime;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** How runs went, beside those before them. */
@ApplicationScoped
public class Performance {
  private final PerformanceRepository repository;
  private final EventLogRepository log;
  private final EventReader reader;

  Performance(PerformanceRepository repository, EventLogRepository log, EventReader reader) {
    this.repository = repository;
    this.log = log;
    this.reader = reader;
  }

  /** A day (UTC) of a target, or of all. */
  public record Day(LocalDate day, long succeeded, long failed, long other, long averageMs) {}

  /** Runs of a period, the last one first, and its days. */
  public record Runs(List<RunPerformance> runs, List<Day> days) {}

  /**
   * A run and its statements.
   *
   * @param lockWaitMs milliseconds that it waited for locks, as far as its progress tells
   */
  public record OneRun(RunPerformance run, long lockWaitMs, List<StatementTime> statements) {}

  public Runs of(@Nullable Instant from, @Nullable Instant to, @Nullable String target, int limit) {
    return new Runs(repository.newest(from, to, target, limit), repository.days(from, to, target));
  }

  /** The runs of a period that took longest. */
  public List<RunPerformance> slowest(
      @Nullable Instant from, @Nullable Instant to, @Nullable String target, int limit) {
    return repository.slowest(from, to, target, limit);
  }

  public List<Day> days(@Nullable Instant from, @Nullable Instant to, @Nullable String target) {
    return repository.days(from, to, target);
  }

  public Optional<OneRun> ofRun(UUID runId) {
    return repository
        .find(runId)
        .map(
            run -> {
              List<MigrationProgress> events = progress(runId);
              return new OneRun(run, StatementTimes.lockWaitMs(events), StatementTimes.of(events));
            });
  }

  private List<MigrationProgress> progress(UUID runId) {
    return log.ofRun(runId, Topics.MIGRATION_PROGRESS).stream()
        .map(entry -> reader.again(EventType.MIGRATION_PROGRESS, entry.payload()))
        .map(MigrationProgress.class::cast)
        .toList();
  }
}

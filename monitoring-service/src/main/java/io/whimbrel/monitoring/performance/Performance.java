package io.whimbrel.monitoring.performance;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.whimbrel.delivery.EventReader;
import io.whimbrel.event.EventType;
import io.whimbrel.event.MigrationProgress;
import io.whimbrel.event.MigrationProgress.Applied;
import io.whimbrel.event.MigrationProgress.Spent;
import io.whimbrel.event.Topics;
import io.whimbrel.monitoring.log.EventLogRepository;
import io.whimbrel.monitoring.performance.StatementTimes.StatementTime;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** How runs went, beside those before them. */
@ApplicationScoped
public class Performance {
  private static final String WAL =
      "PostgreSQL counts WAL by session from version 18 on; and what migrations that share a"
          + " transaction, or a session that died, have written is not known of each";
  private static final String ROWS_OF_STATEMENTS =
      "a run tells them once it has ended, of the 20 statements of each migration that took longest"
          + " and of 1,000 in all; not of a migration that an executor of before applied";
  private static final String WAL_OF_STATEMENTS =
      "PostgreSQL counts WAL by session, from version 18 on, and tells it once a transaction has"
          + " ended; so it is not known of statements that share one, or that are many, in batches:"
          + " the migration's is in migrations";
  private static final String EXECUTOR =
      "no attempt at a step of this run came to an end in an executor that tells it";
  private static final String CONNECTIONS =
      "a run tells once it has ended how many it had at a time; no attempt at a step of this one"
          + " came to an end in an executor that counts them";
  private static final String TEMPORARY =
      "PostgreSQL counts temporary files by database, with those of all its sessions";

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
   * A run, its migrations and its statements.
   *
   * @param lockWaitMs milliseconds that it waited for locks, as far as its progress tells
   * @param migrations those that it applied, beside what was predicted of them; empty until it has
   *     ended
   * @param spent what it took besides time, of the executor as well; null until it has ended
   * @param notMeasured why a figure is missing, by its name
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record OneRun(
      RunPerformance run,
      long lockWaitMs,
      List<Applied> migrations,
      List<StatementTime> statements,
      @Nullable Spent spent,
      Map<String, String> notMeasured) {}

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
              List<Applied> migrations =
                  events.stream()
                      .flatMap(event -> Stream.ofNullable(event.applied()))
                      .findFirst()
                      .orElse(List.of());
              Spent spent =
                  events.stream()
                      .flatMap(event -> Stream.ofNullable(event.spent()))
                      .findFirst()
                      .orElse(null);
              List<StatementTime> statements = StatementTimes.of(events, migrations);
              return new OneRun(
                  run,
                  StatementTimes.lockWaitMs(events),
                  migrations.stream().map(Performance::whole).toList(),
                  statements,
                  spent,
                  notMeasured(migrations, statements, run.finishedAt() == null, spent));
            });
  }

  /** Its statements are in a list of their own. */
  private static Applied whole(Applied migration) {
    return new Applied(
        migration.migration(),
        migration.durationMs(),
        migration.rows(),
        migration.lockWaitMs(),
        migration.walBytes(),
        migration.predicted(),
        null);
  }

  private static Map<String, String> notMeasured(
      List<Applied> migrations,
      List<StatementTime> statements,
      boolean active,
      @Nullable Spent spent) {
    Map<String, String> why = new LinkedHashMap<>();
    if (migrations.stream().anyMatch(migration -> migration.walBytes() == null)) {
      why.put("walBytes", WAL);
    }
    boolean statementsTold =
        !active && migrations.stream().allMatch(migration -> migration.statements() != null);
    if (!statementsTold) {
      why.put("statementRows", ROWS_OF_STATEMENTS);
    }
    if (!statementsTold
        || statements.stream().anyMatch(statement -> statement.walBytes() == null)) {
      why.put("statementWalBytes", WAL_OF_STATEMENTS);
    }
    why.put("temporaryBytes", TEMPORARY);
    if (spent == null || spent.connections() == null) {
      why.put("connections", CONNECTIONS);
    }
    if (!active && (spent == null || spent.executorCpuMs() == null)) {
      why.put("executor", EXECUTOR);
    }
    return why;
  }

  private List<MigrationProgress> progress(UUID runId) {
    return repository.logged(runId).stream()
        .flatMap(
            time -> log.ofRun(runId, Topics.MIGRATION_PROGRESS, time.from(), time.to()).stream())
        .map(entry -> reader.again(EventType.MIGRATION_PROGRESS, entry.payload()))
        .map(MigrationProgress.class::cast)
        .toList();
  }
}

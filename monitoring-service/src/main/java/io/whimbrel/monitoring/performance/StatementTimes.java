package io.whimbrel.monitoring.performance;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.whimbrel.event.MigrationProgress;
import io.whimbrel.event.MigrationProgress.Applied;
import io.whimbrel.event.MigrationProgress.AppliedStatement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How long the statements of a run took, and what they changed. While it runs, its progress tells:
 * a statement lasts from the first event that names it to the first that does not any more. Once it
 * has ended, it tells of those that took longest itself.
 */
final class StatementTimes {
  private StatementTimes() {}

  /**
   * A statement of a script.
   *
   * @param statement its number, from 1
   * @param of how many the script has; absent if no progress told of the statement
   * @param durationMs milliseconds
   * @param shared whether they are those of several statements, sent in one message; absent unless
   *     the run has told of the statement itself
   * @param rows that its batches were through with
   * @param rowsChanged inserted, updated and deleted; absent like {@code shared}
   * @param walBytes that its target wrote for it, if it had a transaction of its own and that is
   *     known
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record StatementTime(
      @Nullable String migration,
      int statement,
      @Nullable Integer of,
      long durationMs,
      @Nullable Boolean shared,
      @Nullable Long rows,
      @Nullable Long rowsChanged,
      @Nullable Long walBytes) {}

  private record Key(@Nullable String migration, int statement) {}

  /** In the order in which migrations and statements ran. */
  static List<StatementTime> of(List<MigrationProgress> events, List<Applied> applied) {
    Map<Key, StatementTime> times = told(events);
    for (Applied migration : applied) {
      for (AppliedStatement statement : statements(migration)) {
        times.compute(
            new Key(migration.migration(), statement.statement()),
            (key, time) -> itself(migration.migration(), statement, time));
      }
    }
    List<@Nullable String> order =
        Stream.concat(
                applied.stream().map(Applied::migration),
                times.keySet().stream().map(Key::migration))
            .distinct()
            .toList();
    return times.values().stream()
        .sorted(
            Comparator.comparingInt((StatementTime time) -> order.indexOf(time.migration()))
                .thenComparingInt(StatementTime::statement))
        .toList();
  }

  private static List<AppliedStatement> statements(Applied migration) {
    return migration.statements() == null ? List.of() : migration.statements();
  }

  private static StatementTime itself(
      String migration, AppliedStatement statement, @Nullable StatementTime told) {
    return new StatementTime(
        migration,
        statement.statement(),
        told == null ? null : told.of,
        statement.durationMs(),
        statement.shared(),
        told == null ? null : told.rows,
        statement.rows(),
        statement.walBytes());
  }

  private static Map<Key, StatementTime> told(List<MigrationProgress> events) {
    List<MigrationProgress> ordered = new ArrayList<>(events);
    ordered.sort(Comparator.comparingLong(MigrationProgress::sequence));
    Map<Key, StatementTime> times = new LinkedHashMap<>();
    for (int i = 0; i < ordered.size(); i++) {
      MigrationProgress event = ordered.get(i);
      Integer statement = event.statement();
      if (statement != null) {
        MigrationProgress next = i + 1 < ordered.size() ? ordered.get(i + 1) : event;
        times.merge(
            new Key(event.migration(), statement),
            time(event, statement, next),
            StatementTimes::sum);
      }
    }
    return times;
  }

  /** From each event that tells of a wait for a lock to the one after it. */
  static long lockWaitMs(List<MigrationProgress> events) {
    List<MigrationProgress> ordered = new ArrayList<>(events);
    ordered.sort(Comparator.comparingLong(MigrationProgress::sequence));
    long millis = 0;
    for (int i = 0; i + 1 < ordered.size(); i++) {
      if (MigrationProgress.LOCK_WAIT.equals(ordered.get(i).step())) {
        Duration wait = Duration.between(ordered.get(i).at(), ordered.get(i + 1).at());
        millis += Math.max(0, wait.toMillis());
      }
    }
    return millis;
  }

  private static StatementTime time(
      MigrationProgress event, int statement, MigrationProgress next) {
    long millis = Math.max(0, Duration.between(event.at(), next.at()).toMillis());
    return new StatementTime(
        event.migration(),
        statement,
        event.of(),
        millis,
        null,
        event.rows() == null ? null : event.rows().done(),
        null,
        null);
  }

  private static StatementTime sum(StatementTime one, StatementTime other) {
    return new StatementTime(
        one.migration,
        one.statement,
        other.of == null ? one.of : other.of,
        one.durationMs + other.durationMs,
        null,
        other.rows == null ? one.rows : other.rows,
        null,
        null);
  }
}

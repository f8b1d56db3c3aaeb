package io.whimbrel.monitoring.performance;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.whimbrel.event.MigrationProgress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How long the statements of a run took, as far as its progress tells: from the first event that
 * names a statement to the first that does not any more.
 */
final class StatementTimes {
  private StatementTimes() {}

  /**
   * A statement of a script.
   *
   * @param statement its number, from 1
   * @param of how many the script has
   * @param durationMs milliseconds
   * @param rows that its batches were through with
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record StatementTime(
      @Nullable String migration,
      int statement,
      @Nullable Integer of,
      long durationMs,
      @Nullable Long rows) {}

  private record Key(@Nullable String migration, int statement) {}

  static List<StatementTime> of(List<MigrationProgress> events) {
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
    return List.copyOf(times.values());
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
        event.rows() == null ? null : event.rows().done());
  }

  private static StatementTime sum(StatementTime one, StatementTime other) {
    return new StatementTime(
        one.migration,
        one.statement,
        other.of == null ? one.of : other.of,
        one.durationMs + other.durationMs,
        other.rows == null ? one.rows : other.rows);
  }
}

package io.whimbrel.monitoring.performance;

import io.whimbrel.event.Operation;
import io.whimbrel.event.RunStateName;
import io.whimbrel.monitoring.performance.Performance.Day;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** Reads how long runs took. */
@ApplicationScoped
class PerformanceRepository {
  private static final String IN_PERIOD =
      """
      (cast(:target as text) is null or r.target = :target)
      and (cast(:from as timestamptz) is null or r.finished_at >= :from)
      and (cast(:to as timestamptz) is null or r.finished_at < :to)
      """;

  /** The runs come first and few, and each brings its own earlier ones by an index. */
  private static final String BESIDE_EARLIER =
      """
      select r.*, usual.ms as usual_ms,
        %s
      from (%s) r left join lateral (
        select percentile_disc(0.5) within group (order by duration_ms) as ms
        from (select duration_ms from run_picture e
          where e.target = r.target and e.operation = r.operation and e.state = 'COMPLETED'
            and e.duration_ms is not null and e.finished_at < r.finished_at
          order by e.finished_at desc limit 20) earlier
        having count(*) >= 3) usual on true
      """;

  private static final Map<String, String> PHASES = phases();

  private final Jdbi jdbi;

  PerformanceRepository(DataSource dataSource) {
    this.jdbi = Jdbi.create(dataSource);
  }

  private static Map<String, String> phases() {
    Map<String, String> phases = new LinkedHashMap<>();
    phases.put("validating", "coalesce(backing_up_at, applying_at, finished_at) - validating_at");
    phases.put("backingUp", "coalesce(applying_at, rolling_back_at, finished_at) - backing_up_at");
    phases.put("applying", "coalesce(verifying_at, rolling_back_at, finished_at) - applying_at");
    phases.put("verifying", "coalesce(rolling_back_at, finished_at) - verifying_at");
    phases.put("rollingBack", "finished_at - rolling_back_at");
    return phases;
  }

  private static String beside(String runs) {
    String columns =
        PHASES.entrySet().stream()
            .map(
                e ->
                    "(extract(epoch from "
                        + e.getValue()
                        + ") * 1000)::bigint as \""
                        + e.getKey()
                        + "\"")
            .reduce((a, b) -> a + ",\n  " + b)
            .orElseThrow();
    return BESIDE_EARLIER.formatted(columns, runs);
  }

  List<RunPerformance> newest(
      @Nullable Instant from, @Nullable Instant to, @Nullable String target, int limit) {
    return list("finished_at desc", from, to, target, limit);
  }

  List<RunPerformance> slowest(
      @Nullable Instant from, @Nullable Instant to, @Nullable String target, int limit) {
    return list("duration_ms desc", from, to, target, limit);
  }

  private List<RunPerformance> list(
      String order,
      @Nullable Instant from,
      @Nullable Instant to,
      @Nullable String target,
      int limit) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    beside(
                            "select * from run_picture r where duration_ms is not null and "
                                + IN_PERIOD
                                + " order by "
                                + order
                                + " limit :limit")
                        + " order by "
                        + order)
                .bind("from", from)
                .bind("to", to)
                .bind("target", target)
                .bind("limit", limit)
                .map((rs, ctx) -> run(rs))
                .list());
  }

  Optional<RunPerformance> find(UUID runId) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(beside("select * from run_picture where run_id = :runId"))
                .bind("runId", runId)
                .map((rs, ctx) -> run(rs))
                .findOne());
  }

  /** When the log took the first and the last event of a run. */
  record Logged(Instant from, Instant to) {}

  Optional<Logged> logged(UUID runId) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery("select first_seen, last_seen from run_picture where run_id = :runId")
                .bind("runId", runId)
                .map(
                    (rs, ctx) ->
                        new Logged(
                            rs.getObject("first_seen", OffsetDateTime.class).toInstant(),
                            rs.getObject("last_seen", OffsetDateTime.class).toInstant()))
                .findOne());
  }

  /** The days that a period touches, whole; a day without an ended run is left out. */
  List<Day> days(@Nullable Instant from, @Nullable Instant to, @Nullable String target) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    select day,
                      coalesce(sum(runs) filter (where state = 'COMPLETED'
                        or state = 'ROLLED_BACK' and operation = 'ROLLBACK'), 0) as succeeded,
                      coalesce(sum(runs) filter (where state in ('FAILED', 'ROLLBACK_FAILED')
                        or state = 'ROLLED_BACK' and operation <> 'ROLLBACK'), 0) as failed,
                      coalesce(sum(runs) filter (where state in ('REJECTED', 'CANCELLED')), 0)
                        as other,
                      coalesce(sum(duration_ms) filter (
                          where state not in ('REJECTED', 'CANCELLED'))
                        / nullif(sum(runs) filter (
                          where state not in ('REJECTED', 'CANCELLED')), 0), 0) as average_ms
                    from run_figure
                    where isfinite(day) and runs > 0
                      and (cast(:target as text) is null or target = :target)
                      and (cast(:from as timestamptz) is null
                        or day >= (cast(:from as timestamptz) at time zone 'UTC')::date)
                      and (cast(:to as timestamptz) is null
                        or day < cast(:to as timestamptz) at time zone 'UTC')
                    group by day order by day
                    """)
                .bind("from", from)
                .bind("to", to)
                .bind("target", target)
                .map(
                    (rs, ctx) ->
                        new Day(
                            rs.getObject("day", LocalDate.class),
                            rs.getLong("succeeded"),
                            rs.getLong("failed"),
                            rs.getLong("other"),
                            rs.getLong("average_ms")))
                .list());
  }

  private static RunPerformance run(ResultSet rs) throws SQLException {
    Long durationMs = number(rs, "duration_ms");
    Long usualMs = number(rs, "usual_ms");
    Map<String, Long> phases = new LinkedHashMap<>();
    for (String phase : PHASES.keySet()) {
      Long millis = number(rs, phase);
      if (millis != null) {
        phases.put(phase, Math.max(0, millis));
      }
    }
    return new RunPerformance(
        rs.getObject("run_id", UUID.class),
        rs.getString("target"),
        Operation.valueOf(rs.getString("operation")),
        RunStateName.valueOf(rs.getString("state")),
        time(rs, "started_at"),
        time(rs, "finished_at"),
        durationMs,
        phases,
        number(rs, "rows_done"),
        rs.getString("sql_state"),
        usualMs,
        RunPerformance.times(durationMs, usualMs),
        RunPerformance.regression(durationMs, usualMs));
  }

  private static @Nullable Long number(ResultSet rs, String column) throws SQLException {
    long value = rs.getLong(column);
    return rs.wasNull() ? null : value;
  }

  private static @Nullable Instant time(ResultSet rs, String column) throws SQLException {
    OffsetDateTime time = rs.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }
}

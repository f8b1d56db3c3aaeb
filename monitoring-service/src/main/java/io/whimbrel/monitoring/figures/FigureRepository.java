package io.whimbrel.monitoring.figures;

import io.whimbrel.event.Operation;
import io.whimbrel.event.RunStateName;
import io.whimbrel.monitoring.figures.Figures.Durations;
import io.whimbrel.monitoring.figures.Figures.Period;
import io.whimbrel.monitoring.figures.Figures.Validations;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** Counts in the database, so that a restart does not change a figure. */
@ApplicationScoped
class FigureRepository {
  private static final String ENDED_IN_PERIOD =
      """
      (cast(:target as text) is null or target = :target)
      and (cast(:from as timestamptz) is null or finished_at >= :from)
      and (cast(:to as timestamptz) is null or finished_at < :to)
      """;

  private final Jdbi jdbi;

  FigureRepository(DataSource dataSource) {
    this.jdbi = Jdbi.create(dataSource);
  }

  List<RunCount> runs(Period period, @Nullable String target) {
    return jdbi.withHandle(
        handle ->
            bind(
                    handle.createQuery(
                        """
                        select target, operation, state, count(*) as runs,
                          coalesce(sum(duration_ms), 0) / 1000.0 as seconds,
                          min(first_seen) as first_seen
                        from run_picture
                        where (finished_at is null
                            and (cast(:target as text) is null or target = :target))
                          or (finished_at is not null and %s)
                        group by target, operation, state
                        """
                            .formatted(ENDED_IN_PERIOD)),
                    period,
                    target)
                .map((rs, ctx) -> runCount(rs))
                .list());
  }

  private static RunCount runCount(ResultSet rs) throws SQLException {
    return new RunCount(
        rs.getString("target"),
        Operation.valueOf(rs.getString("operation")),
        RunStateName.valueOf(rs.getString("state")),
        rs.getLong("runs"),
        rs.getDouble("seconds"),
        rs.getObject("first_seen", OffsetDateTime.class).toInstant());
  }

  Durations durations(Period period, @Nullable String target) {
    return jdbi.withHandle(
        handle ->
            bind(
                    handle.createQuery(
                        """
                        select count(*) as runs, avg(duration_ms) as average,
                          percentile_cont(0.5) within group (order by duration_ms) as p50,
                          percentile_cont(0.95) within group (order by duration_ms) as p95
                        from run_picture
                        where duration_ms is not null
                          and state not in ('REJECTED', 'CANCELLED') and %s
                        """
                            .formatted(ENDED_IN_PERIOD)),
                    period,
                    target)
                .map(
                    (rs, ctx) ->
                        new Durations(
                            rs.getLong("runs"),
                            rounded(rs, "average"),
                            rounded(rs, "p50"),
                            rounded(rs, "p95")))
                .one());
  }

  private static @Nullable Double rounded(ResultSet rs, String column) throws SQLException {
    double value = rs.getDouble(column);
    return rs.wasNull() ? null : Math.round(value * 10) / 10.0;
  }

  Validations validations(Period period, @Nullable String target) {
    return jdbi.withHandle(
        handle ->
            bind(
                    handle.createQuery(
                        """
                        select count(*) as total, count(*) filter (where not valid) as failed
                        from validation_outcome
                        where (cast(:target as text) is null or target = :target)
                          and (cast(:from as timestamptz) is null or completed_at >= :from)
                          and (cast(:to as timestamptz) is null or completed_at < :to)
                        """),
                    period,
                    target)
                .map((rs, ctx) -> new Validations(rs.getLong("total"), rs.getLong("failed")))
                .one());
  }

  Map<String, Long> deadLetters(Period period) {
    return jdbi.withHandle(
        handle ->
            counts(
                handle
                    .createQuery(
                        """
                        select topic as name, count(*) as count from dead_letter
                        where (cast(:from as timestamptz) is null or recorded_at >= :from)
                          and (cast(:to as timestamptz) is null or recorded_at < :to)
                        group by topic
                        """)
                    .bind("from", period.from())
                    .bind("to", period.to())));
  }

  Map<String, Long> events() {
    return jdbi.withHandle(
        handle ->
            counts(handle.createQuery("select topic as name, events as count from event_count")));
  }

  /** Alerts ever raised; each name is a kind and a severity with a colon between. */
  Map<String, Long> alerts() {
    return jdbi.withHandle(
        handle ->
            counts(
                handle.createQuery(
                    """
                    select kind || ':' || severity as name, count(*) as count
                    from alert group by kind, severity
                    """)));
  }

  private static Map<String, Long> counts(Query query) {
    Map<String, Long> counts = new TreeMap<>();
    query
        .map((rs, ctx) -> Map.entry(rs.getString("name"), rs.getLong("count")))
        .forEach(entry -> counts.put(entry.getKey(), entry.getValue()));
    return counts;
  }

  private static Query bind(Query query, Period period, @Nullable String target) {
    return query.bind("target", target).bind("from", period.from()).bind("to", period.to());
  }
}

package io.whimbrel.monitoring.figures;

import io.whimbrel.event.Operation;
import io.whimbrel.event.RunStateName;
import io.whimbrel.monitoring.figures.Figures.Durations;
import io.whimbrel.monitoring.figures.Figures.Period;
import io.whimbrel.monitoring.figures.Figures.Spent;
import io.whimbrel.monitoring.figures.Figures.Validations;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/**
 * Figures of runs and validations, counted in the database, so that a restart does not change one.
 */
@ApplicationScoped
class FigureRepository {
  private static final String ENDED_IN_PERIOD =
      """
      (cast(:target as text) is null or target = :target)
      and (cast(:from as timestamptz) is null or finished_at >= :from)
      and (cast(:to as timestamptz) is null or finished_at < :to)
      """;

  private static final String DURATIONS =
      """
      count(*) as runs, avg(ms) as average, max(ms) as longest,
      percentile_cont(0.5) within group (order by ms) as p50,
      percentile_cont(0.95) within group (order by ms) as p95,
      percentile_cont(0.99) within group (order by ms) as p99
      """;

  private final Jdbi jdbi;

  FigureRepository(DataSource dataSource) {
    this.jdbi = Jdbi.create(dataSource);
  }

  /** Ended runs of a period, and the active ones. */
  List<RunCount> runs(Period period, @Nullable String target) {
    WholeDays days = WholeDays.of(period);
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    select target, operation, state, sum(runs) as runs,
                      sum(duration_ms) / 1000.0 as seconds
                    from (
                      select target, operation, state, runs, duration_ms from run_figure
                      where day >= cast(:first as date) and day < cast(:last as date)
                      union all
                      select target, operation, state, count(*), coalesce(sum(duration_ms), 0)
                      from run_picture
                      where (finished_at >= cast(:headFrom as timestamptz)
                          and finished_at < cast(:headTo as timestamptz))
                        or (finished_at >= cast(:tailFrom as timestamptz)
                          and finished_at < cast(:tailTo as timestamptz))
                      group by target, operation, state
                      union all
                      select target, operation, state, count(*), 0
                      from run_picture where finished_at is null
                      group by target, operation, state
                    ) figure
                    where cast(:target as text) is null or target = :target
                    group by target, operation, state having sum(runs) > 0
                    """)
                .bindMap(days.arguments())
                .bind("target", target)
                .map((rs, ctx) -> runCount(rs))
                .list());
  }

  private static RunCount runCount(ResultSet rs) throws SQLException {
    return new RunCount(
        rs.getString("target"),
        Operation.valueOf(rs.getString("operation")),
        RunStateName.valueOf(rs.getString("state")),
        rs.getLong("runs"),
        rs.getDouble("seconds"));
  }

  /** The targets that were seen first. */
  List<String> firstTargets(int most) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "select target from target_seen order by first_seen, target limit :most")
                .bind("most", most)
                .mapTo(String.class)
                .list());
  }

  Durations durations(Period period, @Nullable String target) {
    return jdbi.withHandle(
        handle ->
            bind(
                    handle.createQuery(
                        """
                        select 'run' as name, %s
                        from (select duration_ms as ms from run_picture
                          where duration_ms is not null
                            and state not in ('REJECTED', 'CANCELLED') and %s) run
                        """
                            .formatted(DURATIONS, ENDED_IN_PERIOD)),
                    period,
                    target)
                .map((rs, ctx) -> durations(rs))
                .one());
  }

  /** How long the parts of the runs took, by what they did. */
  Map<String, Durations> phases(Period period, @Nullable String target) {
    Map<String, Durations> phases = new LinkedHashMap<>();
    jdbi.useHandle(
        handle ->
            bind(
                    handle.createQuery(
                        """
                        select name, %s
                        from (
                          select name, extract(epoch from (ended - began)) * 1000 as ms
                          from run_picture, lateral (values
                            ('validating', validating_at,
                              coalesce(backing_up_at, applying_at, finished_at)),
                            ('backingUp', backing_up_at,
                              coalesce(applying_at, rolling_back_at, finished_at)),
                            ('applying', applying_at,
                              coalesce(verifying_at, rolling_back_at, finished_at)),
                            ('verifying', verifying_at, coalesce(rolling_back_at, finished_at)),
                            ('rollingBack', rolling_back_at, finished_at)
                          ) phase (name, began, ended)
                          where began is not null and ended >= began and finished_at is not null
                            and %s) phase
                        group by name order by name
                        """
                            .formatted(DURATIONS, ENDED_IN_PERIOD)),
                    period,
                    target)
                .map((rs, ctx) -> Map.entry(rs.getString("name"), durations(rs)))
                .forEach(entry -> phases.put(entry.getKey(), entry.getValue())));
    return phases;
  }

  private static Durations durations(ResultSet rs) throws SQLException {
    return new Durations(
        rs.getLong("runs"),
        rounded(rs, "average"),
        rounded(rs, "p50"),
        rounded(rs, "p95"),
        rounded(rs, "p99"),
        rounded(rs, "longest"));
  }

  private static @Nullable Double rounded(ResultSet rs, String column) throws SQLException {
    double value = rs.getDouble(column);
    return rs.wasNull() ? null : Math.round(value * 10) / 10.0;
  }

  /** Runs that PostgreSQL stopped, by what it said. */
  Map<String, Long> sqlStates(Period period, @Nullable String target) {
    return jdbi.withHandle(
        handle ->
            EventFigureRepository.counts(
                bind(
                    handle.createQuery(
                        """
                        select sql_state as name, count(*) as count from run_picture
                        where sql_state is not null and finished_at is not null and %s
                        group by sql_state
                        """
                            .formatted(ENDED_IN_PERIOD)),
                    period,
                    target)));
  }

  /**
   * What ended runs add up to besides time.
   *
   * @param rows that their batches were through with
   */
  record Sums(long rows, Spent spent) {}

  Sums sums(Period period, @Nullable String target) {
    return jdbi.withHandle(
        handle ->
            bind(
                    handle.createQuery(
                        """
                        select coalesce(sum(rows_done), 0) as rows,
                          coalesce(sum(lock_wait_ms), 0) as lock_wait_ms,
                          coalesce(sum(wal_bytes), 0) as wal_bytes,
                          coalesce(sum(retries), 0) as retries, count(backup_bytes) as backups,
                          coalesce(sum(backup_bytes), 0) as backup_bytes
                        from run_picture where finished_at is not null and %s
                        """
                            .formatted(ENDED_IN_PERIOD)),
                    period,
                    target)
                .map(
                    (rs, ctx) ->
                        new Sums(
                            rs.getLong("rows"),
                            new Spent(
                                rs.getLong("lock_wait_ms"),
                                rs.getLong("wal_bytes"),
                                rs.getLong("retries"),
                                rs.getLong("backups"),
                                rs.getLong("backup_bytes"))))
                .one());
  }

  Validations validations(Period period, @Nullable String target) {
    WholeDays days = WholeDays.of(period);
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    select coalesce(sum(validations), 0) as total,
                      coalesce(sum(validations) filter (where not valid), 0) as failed,
                      sum(duration_ms) / nullif(sum(validations), 0) as average
                    from (
                      select target, valid, validations, duration_ms from validation_figure
                      where day >= cast(:first as date) and day < cast(:last as date)
                      union all
                      select target, valid, 1, duration_ms from validation_outcome
                      where (completed_at >= cast(:headFrom as timestamptz)
                          and completed_at < cast(:headTo as timestamptz))
                        or (completed_at >= cast(:tailFrom as timestamptz)
                          and completed_at < cast(:tailTo as timestamptz))
                    ) figure
                    where cast(:target as text) is null or target = :target
                    """)
                .bindMap(days.arguments())
                .bind("target", target)
                .map(
                    (rs, ctx) ->
                        new Validations(
                            rs.getLong("total"), rs.getLong("failed"), rounded(rs, "average")))
                .one());
  }

  /** From when on single runs are all there; empty while nothing has been cleaned up. */
  Optional<Instant> cleanedUntil() {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery("select until from cleaned where isfinite(until)")
                .map((rs, ctx) -> rs.getObject("until", OffsetDateTime.class).toInstant())
                .findOne());
  }

  private static Query bind(Query query, Period period, @Nullable String target) {
    return query.bind("target", target).bind("from", period.from()).bind("to", period.to());
  }
}

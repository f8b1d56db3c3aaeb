package io.whimbrel.monitoring.run;

import io.whimbrel.event.MigrationProgress;
import io.whimbrel.event.Operation;
import io.whimbrel.event.RunStateName;
import io.whimbrel.event.Topics;
import io.whimbrel.monitoring.run.ActiveRuns.Active;
import io.whimbrel.monitoring.run.ActiveRuns.LockWait;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** What the picture tells of each target. */
@ApplicationScoped
public class TargetRepository {
  private static final Set<String> UNREACHABLE =
      Set.of("3D000", "57P01", "57P02", "57P03", "53300");
  private static final int ENOUGH = 5;

  private final Jdbi jdbi;

  TargetRepository(DataSource dataSource) {
    this.jdbi = Jdbi.create(dataSource);
  }

  /** How the last run of a target ended. */
  public record LastEnd(
      String target, UUID runId, RunStateName state, @Nullable String sqlState, Instant at) {

    /** Whether it ended since the target could not be reached, or would not let it in. */
    public boolean unreachable() {
      return sqlState != null
          && (sqlState.startsWith("08")
              || sqlState.startsWith("28")
              || UNREACHABLE.contains(sqlState));
    }
  }

  /** The last end of each target that has one. */
  public List<LastEnd> lastEnds() {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    select last.* from target_seen t, lateral (
                      select target, run_id, state, sql_state, finished_at from run_picture r
                      where r.target = t.target and r.finished_at is not null
                      order by r.finished_at desc limit 1) last
                    order by target
                    """)
                .map((rs, ctx) -> lastEnd(rs))
                .list());
  }

  private static LastEnd lastEnd(ResultSet rs) throws SQLException {
    return new LastEnd(
        rs.getString("target"),
        rs.getObject("run_id", UUID.class),
        RunStateName.valueOf(rs.getString("state")),
        rs.getString("sql_state"),
        rs.getObject("finished_at", OffsetDateTime.class).toInstant());
  }

  List<Active> active() {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    select run_id, target, operation, state, started_at, last_seen, applying_at,
                      coalesce(verifying_at, rolling_back_at) as applied_at,
                      predicted_high_ms::bigint as predicted_ms
                    from run_picture where finished_at is null
                    """)
                .map((rs, ctx) -> active(rs))
                .list());
  }

  private static Active active(ResultSet rs) throws SQLException {
    Long predictedMs = rs.getObject("predicted_ms", Long.class);
    return new Active(
        rs.getObject("run_id", UUID.class),
        rs.getString("target"),
        Operation.valueOf(rs.getString("operation")),
        RunStateName.valueOf(rs.getString("state")),
        time(rs, "started_at"),
        rs.getObject("last_seen", OffsetDateTime.class).toInstant(),
        time(rs, "applying_at"),
        time(rs, "applied_at"),
        predictedMs == null ? null : Duration.ofMillis(predictedMs));
  }

  private static @Nullable Instant time(ResultSet rs, String column) throws SQLException {
    OffsetDateTime time = rs.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }

  /** Of the log, only the last hour is looked at. */
  List<LockWait> lockWaits() {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    select r.run_id, r.target, said.first, said.last
                    from run_picture r, lateral (
                      select min(w.at) as first, max(w.at) as last
                      from event_log e, lateral (
                        select (e.payload ->> 'at')::timestamptz as at) w
                      where e.run_id = r.run_id and e.topic = :topic
                        and e.recorded_at > now() - interval '1 hour'
                        and e.payload ->> 'step' = :step
                        and w.at > now() - interval '5 minutes') said
                    where r.finished_at is null and said.last is not null
                    """)
                .bind("topic", Topics.MIGRATION_PROGRESS)
                .bind("step", MigrationProgress.LOCK_WAIT)
                .map(
                    (rs, ctx) ->
                        new LockWait(
                            rs.getObject("run_id", UUID.class),
                            rs.getString("target"),
                            rs.getObject("first", OffsetDateTime.class).toInstant(),
                            rs.getObject("last", OffsetDateTime.class).toInstant()))
                .list());
  }

  Optional<Duration> usual(String target, Operation operation) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    select percentile_disc(0.95) within group (order by duration_ms) as usual
                    from (select duration_ms from run_picture
                      where target = :target and operation = :operation and state = 'COMPLETED'
                        and duration_ms is not null
                      order by finished_at desc limit 100) recent
                    having count(*) >= :enough
                    """)
                .bind("target", target)
                .bind("operation", operation)
                .bind("enough", ENOUGH)
                .mapTo(Long.class)
                .findOne()
                .map(Duration::ofMillis));
  }
}

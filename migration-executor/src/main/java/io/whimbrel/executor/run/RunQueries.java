package io.whimbrel.executor.run;

import io.whimbrel.event.RunStateName;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** What people ask about the runs. */
@ApplicationScoped
public class RunQueries {
  private final Jdbi jdbi;

  RunQueries(DataSource dataSource) {
    this.jdbi = Jdbi.create(dataSource);
  }

  /**
   * One line of a list of runs.
   *
   * @param position where the list goes on after it
   */
  public record Line(
      long position,
      UUID runId,
      String operation,
      String target,
      RunStateName state,
      @Nullable String requestedBy,
      Instant requestedAt,
      @Nullable Instant startedAt,
      @Nullable Instant finishedAt,
      @Nullable String message) {}

  /** A step of a run and how its attempt ended. */
  public record StepLine(
      String step,
      int attempt,
      Instant startedAt,
      @Nullable Instant finishedAt,
      @Nullable String outcome) {}

  /**
   * Runs, the newest first.
   *
   * @param before only those requested before this position
   */
  public List<Line> list(
      @Nullable String target, @Nullable RunStateName state, @Nullable Long before, int limit) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    select *, coalesce(error ->> 'message', progress ->> 'message') as message
                    from run
                    where (cast(:target as text) is null or target = :target)
                      and (cast(:state as text) is null or state = :state)
                      and (cast(:before as bigint) is null or position < :before)
                    order by position desc limit :limit
                    """)
                .bind("target", target)
                .bind("state", state == null ? null : state.name())
                .bind("before", before)
                .bind("limit", limit)
                .map((rs, ctx) -> line(rs))
                .list());
  }

  /** The runs that hold their target. */
  public List<Line> active() {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "select *, progress ->> 'message' as message from run where active"
                        + " order by position")
                .map((rs, ctx) -> line(rs))
                .list());
  }

  /** The events of a run behind a sequence number, as JSON texts, in order. */
  public List<String> eventsAfter(UUID run, long sequence) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "select event from run_event where run_id = :run and sequence > :sequence"
                        + " order by sequence")
                .bind("run", run)
                .bind("sequence", sequence)
                .mapTo(String.class)
                .list());
  }

  /** How scripts differ from what was applied, as JSON; empty if the run found no difference. */
  public Optional<String> differences(UUID run) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    select (select json_strip_nulls(json_agg(json_build_object(
                        'script', d -> 'script', 'line', d -> 'line',
                        'appliedChecksum', d -> 'appliedChecksum', 'checksum', d -> 'checksum',
                        'diff', d -> 'diff') order by n))
                      from jsonb_array_elements(differences) with ordinality as e (d, n))
                    from run where run_id = :run
                    """)
                .bind("run", run)
                .map((rs, ctx) -> Optional.ofNullable(rs.getString(1)))
                .findOne()
                .flatMap(found -> found));
  }

  public List<StepLine> steps(UUID run) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery("select * from run_step where run_id = :run order by started_at")
                .bind("run", run)
                .map(
                    (rs, ctx) ->
                        new StepLine(
                            rs.getString("step"),
                            rs.getInt("attempt"),
                            rs.getObject("started_at", OffsetDateTime.class).toInstant(),
                            instant(rs, "finished_at"),
                            rs.getString("outcome")))
                .list());
  }

  private static Line line(ResultSet rs) throws SQLException {
    return new Line(
        rs.getLong("position"),
        rs.getObject("run_id", UUID.class),
        rs.getString("operation"),
        rs.getString("target"),
        RunStateName.valueOf(rs.getString("state")),
        rs.getString("requested_by"),
        rs.getObject("requested_at", OffsetDateTime.class).toInstant(),
        instant(rs, "started_at"),
        instant(rs, "finished_at"),
        rs.getString("message"));
  }

  private static @Nullable Instant instant(ResultSet rs, String column) throws SQLException {
    OffsetDateTime time = rs.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }
}

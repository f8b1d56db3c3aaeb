package io.whimbrel.monitoring.cleanup;

import io.whimbrel.monitoring.cleanup.CleanupPlan.Day;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Looks at, and removes, what is old. */
@ApplicationScoped
class CleanupRepository {
  private static final int BATCH = 10_000;

  /**
   * What is forgotten, table by table: which rows. Runs and validations go once the day on which
   * they were last heard of is wholly old, so that a rebuild from the days that are left never
   * counts them again.
   */
  private static final Map<String, String> FORGOTTEN =
      Map.of(
          "alert", "status = 'RESOLVED' and coalesce(resolved_at, raised_at) < :before",
          "dead_letter",
              """
              recorded_at < :before and not exists (
                select from alert a where a.status <> 'RESOLVED' and a.deduplication_key =
                  'dead-letter:' || topic || ':' || kafka_partition || ':' || kafka_offset)
              """,
          "validation_outcome",
              """
              completed_at < :before
              and recorded_at < date_trunc('day', cast(:before as timestamptz), 'UTC')
              and not exists (select from run_picture r
                where r.run_id = validation_outcome.run_id and r.finished_at is null)
              and not exists (select from alert a
                where a.run_id = validation_outcome.run_id and a.status <> 'RESOLVED')
              """,
          "run_picture",
              """
              finished_at < :before
              and last_seen < date_trunc('day', cast(:before as timestamptz), 'UTC')
              and not exists (select from alert a
                where a.run_id = run_picture.run_id and a.status <> 'RESOLVED')
              """);

  private final Jdbi jdbi;

  CleanupRepository(DataSource dataSource) {
    this.jdbi = Jdbi.create(dataSource);
  }

  @Transactional
  public CleanupPlan plan(Instant before) {
    return jdbi.withHandle(
        handle ->
            new CleanupPlan(
                true,
                before,
                days(handle, before),
                count(handle, "run_picture", before),
                count(handle, "validation_outcome", before),
                count(handle, "alert", before),
                count(handle, "dead_letter", before)));
  }

  private static long count(Handle handle, String table, Instant before) {
    return handle
        .createQuery("select count(*) from " + table + " where " + FORGOTTEN.get(table))
        .bind("before", before)
        .mapTo(Long.class)
        .one();
  }

  private static List<Day> days(Handle handle, Instant before) {
    return handle
        .createQuery(
            """
            select to_date(right(relname, 8), 'YYYYMMDD') as day,
              pg_total_relation_size(oid) as bytes, event_log_needed(relname) as kept
            from pg_class join pg_inherits on inhrelid = oid
            where inhparent = 'event_log'::regclass
              and (to_date(right(relname, 8), 'YYYYMMDD') + 1)::timestamp
                at time zone 'UTC' <= :before
            order by day
            """)
        .bind("before", before)
        .map((rs, ctx) -> day(rs))
        .list();
  }

  private static Day day(ResultSet rs) throws SQLException {
    return new Day(
        rs.getObject("day", LocalDate.class), rs.getLong("bytes"), rs.getBoolean("kept"));
  }

  /** From now on figures say that what is older may be incomplete. */
  @Transactional
  public void announce(Instant before) {
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate("update cleaned set until = greatest(until, :before)")
                .bind("before", before)
                .execute());
  }

  /** Drops a day unless it is needed after all; does not wait long for those who read the log. */
  @Transactional
  public boolean drop(LocalDate day) {
    return jdbi.withHandle(
        handle -> {
          handle.execute("set local lock_timeout = '2s'");
          return handle
              .createQuery("select event_log_drop(:day)")
              .bind("day", day)
              .mapTo(Boolean.class)
              .one();
        });
  }

  /**
   * Removes some rows.
   *
   * @return whether there may be more
   */
  @Transactional
  public boolean removeSome(String table, Instant before) {
    return jdbi.withHandle(
            handle ->
                handle
                    .createUpdate(
                        "delete from %1$s where ctid = any(array(select ctid from %1$s where %2$s limit %3$d))"
                            .formatted(table, FORGOTTEN.get(table), BATCH))
                    .bind("before", before)
                    .execute())
        == BATCH;
  }
}

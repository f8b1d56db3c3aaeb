package io.whimbrel.validation.request;

import io.whimbrel.target.Schedule;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** When targets are validated by schedule, by the clock of the database. */
@ApplicationScoped
class ScheduleRepository {
  private final Jdbi jdbi;

  ScheduleRepository(DataSource dataSource) {
    this.jdbi = Jdbi.create(dataSource);
  }

  private record Next(String timing, Instant at, Instant now) {}

  /**
   * Whether the target is due, which it then is not any more: its next time is counted from now, so
   * that times that were missed come to nothing. In one transaction with what is done about it,
   * another instance finds either both or neither.
   */
  @Transactional(TxType.MANDATORY)
  boolean takeDue(String target, Schedule schedule) {
    return jdbi.withHandle(
        handle -> {
          Optional<Next> next = lock(handle, target);
          if (next.isEmpty()) {
            begin(handle, target, schedule);
            return false;
          }
          boolean sameTiming = next.get().timing().equals(schedule.timing());
          boolean due = sameTiming && !next.get().at().isAfter(next.get().now());
          if (due || !sameTiming) {
            move(handle, target, schedule, next.get().now());
          }
          return due;
        });
  }

  /** Whether the last validation by schedule is yet to end. */
  boolean underway(String target) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    select exists (select from validation
                      where target = :target and state <> 'DONE' and requested_by = :schedule)
                    """)
                .bind("target", target)
                .bind("schedule", Claim.SCHEDULE)
                .mapTo(Boolean.class)
                .one());
  }

  private static Optional<Next> lock(Handle handle, String target) {
    return handle
        .createQuery(
            """
            select timing, next_at, clock_timestamp() as now from schedule
             where target = :target for update
            """)
        .bind("target", target)
        .map(
            (row, context) ->
                new Next(row.getString("timing"), instant(row, "next_at"), instant(row, "now")))
        .findOne();
  }

  /** A target that is new to the schedule has its first time to come. */
  private static void begin(Handle handle, String target, Schedule schedule) {
    Instant now = handle.createQuery("select now()").mapTo(OffsetDateTime.class).one().toInstant();
    handle
        .createUpdate(
            """
            insert into schedule (target, timing, next_at) values (:target, :timing, :next)
            on conflict do nothing
            """)
        .bind("target", target)
        .bind("timing", schedule.timing())
        .bind("next", next(schedule, now))
        .execute();
  }

  private static void move(Handle handle, String target, Schedule schedule, Instant now) {
    handle
        .createUpdate(
            "update schedule set timing = :timing, next_at = :next where target = :target")
        .bind("target", target)
        .bind("timing", schedule.timing())
        .bind("next", next(schedule, now))
        .execute();
  }

  private static OffsetDateTime next(Schedule schedule, Instant now) {
    return schedule
        .next(now)
        .map(at -> at.atOffset(ZoneOffset.UTC))
        .orElse(OffsetDateTime.parse("9999-01-01T00:00:00Z"));
  }

  private static Instant instant(ResultSet row, String column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }
}

package io.whimbrel.monitoring.health;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;

/** What the database tells of health, and since when each check says what it says. */
@ApplicationScoped
class HealthRepository {
  private final Jdbi jdbi;

  HealthRepository(DataSource dataSource) {
    this.jdbi = Jdbi.create(dataSource);
  }

  void ping() {
    jdbi.useHandle(handle -> handle.createQuery("select 1").mapTo(Integer.class).one());
  }

  RecentPast past(Duration window, Duration validationWait) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    select
                      count(*) as ended,
                      count(*) filter (where state in ('FAILED', 'ROLLBACK_FAILED')
                        or (state = 'ROLLED_BACK' and operation <> 'ROLLBACK')) as failed,
                      count(*) filter (where state = 'ROLLED_BACK'
                        and operation <> 'ROLLBACK') as rolled_back,
                      count(*) filter (where state = 'ROLLBACK_FAILED') as rollbacks_failed,
                      (select count(*) from validation_outcome
                        where completed_at > now() - make_interval(secs => :window)) as validations,
                      (select count(*) from validation_outcome
                        where completed_at > now() - make_interval(secs => :window)
                          and not valid) as validations_failed,
                      (select count(*) from run_picture
                        where finished_at is null and state in ('VALIDATING', 'VERIFYING')
                          and changed_at < now() - make_interval(secs => :wait)) as waiting
                    from run_picture
                    where finished_at > now() - make_interval(secs => :window)
                    """)
                .bind("window", seconds(window))
                .bind("wait", seconds(validationWait))
                .map(
                    (rs, ctx) ->
                        new RecentPast(
                            rs.getLong("ended"),
                            rs.getLong("failed"),
                            rs.getLong("rolled_back"),
                            rs.getLong("rollbacks_failed"),
                            rs.getLong("validations"),
                            rs.getLong("validations_failed"),
                            rs.getLong("waiting")))
                .one());
  }

  /** Notes what a check says now, and answers since when it has said so. */
  Instant since(Verdict verdict, Instant now) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    insert into health_state as known (check_name, status, since)
                    values (:check, :status, :now)
                    on conflict (check_name) do update set
                      since = case when known.status = excluded.status
                        then known.since else excluded.since end,
                      status = excluded.status
                    returning since
                    """)
                .bind("check", verdict.check())
                .bind("status", verdict.status())
                .bind("now", now)
                .map((rs, ctx) -> rs.getObject("since", OffsetDateTime.class).toInstant())
                .one());
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }
}

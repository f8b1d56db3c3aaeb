package io.whimbrel.executor.run;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.Map;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** What people ask about changes that were taken back. */
@ApplicationScoped
public class RollbackQueries {
  /** Runs that took something back, or tried to, and why they began. */
  private static final String ROLLBACKS =
      """
      with rollback as (
        select state = 'ROLLED_BACK' as succeeded,
          coalesce(rollback ->> 'strategy', 'UNDECIDED') as strategy,
          case when operation = 'ROLLBACK' then 'REQUESTED'
            when validation_after is not null then 'VALIDATION_FAILED'
            else 'SCRIPT_FAILED' end as cause,
          (select extract(epoch from s.finished_at - s.started_at) * 1000 from run_step s
           where s.run_id = run.run_id and s.step = 'ROLL_BACK' and s.finished_at is not null
           order by s.attempt desc limit 1)::float8 as ms
        from run
        where state in ('ROLLED_BACK', 'ROLLBACK_FAILED')
          and (cast(:target as text) is null or target = :target))
      """;

  private final Jdbi jdbi;

  RollbackQueries(DataSource dataSource) {
    this.jdbi = Jdbi.create(dataSource);
  }

  /**
   * The statistics.
   *
   * @param target of which; null for all
   */
  public RollbackStatistics statistics(@Nullable String target) {
    return jdbi.inTransaction(
        handle -> {
          handle.execute("set transaction isolation level repeatable read read only");
          return statistics(handle, target);
        });
  }

  private static RollbackStatistics statistics(Handle handle, @Nullable String target) {
    Map<String, Long> strategies = counts(handle, "strategy", target);
    Map<String, Long> causes = counts(handle, "cause", target);
    return handle
        .createQuery(
            ROLLBACKS
                + """
                select count(*) as total, count(*) filter (where succeeded) as succeeded,
                  avg(ms) as average, max(ms) as max,
                  percentile_cont(0.95) within group (order by ms) as p95
                from rollback
                """)
        .bind("target", target)
        .map(
            (rs, ctx) -> {
              long total = rs.getLong("total");
              long succeeded = rs.getLong("succeeded");
              return new RollbackStatistics(
                  total,
                  succeeded,
                  total - succeeded,
                  total == 0 ? null : (double) succeeded / total,
                  strategies,
                  causes,
                  new RollbackStatistics.Durations(
                      rs.getObject("average", Double.class),
                      rs.getObject("p95", Double.class),
                      rs.getObject("max", Double.class)));
            })
        .one();
  }

  private static Map<String, Long> counts(Handle handle, String by, @Nullable String target) {
    Map<String, Long> counts = new HashMap<>();
    handle
        .createQuery(ROLLBACKS + "select " + by + ", count(*) from rollback group by 1")
        .bind("target", target)
        .map((rs, ctx) -> Map.entry(rs.getString(1), rs.getLong(2)))
        .forEach(entry -> counts.put(entry.getKey(), entry.getValue()));
    return counts;
  }
}

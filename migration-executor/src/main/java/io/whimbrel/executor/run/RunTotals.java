package io.whimbrel.executor.run;

import io.quarkus.scheduler.Scheduled;
import io.whimbrel.event.RunStateName;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** Counts all runs there ever were, in a time that does not grow with their number. */
@ApplicationScoped
public class RunTotals {
  private final Jdbi jdbi;

  RunTotals(DataSource dataSource) {
    this.jdbi = Jdbi.create(dataSource);
  }

  /**
   * The runs in one state.
   *
   * @param averageMs from start to end, of those that started and ended; null without any
   */
  public record Total(RunStateName state, long runs, @Nullable Double averageMs) {}

  /** One for each state; a state without runs is absent. */
  public List<Total> byState() {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    select state, sum(runs) as runs, sum(duration_ms) / nullif(sum(timed), 0) as ms
                    from (
                      select state, runs, timed, duration_ms from ended_runs
                      union all
                      select state, count(*), 0, 0 from run where finished_at is null group by state
                    ) counted
                    group by state
                    """)
                .map(
                    (rs, ctx) ->
                        new Total(
                            RunStateName.valueOf(rs.getString("state")),
                            rs.getLong("runs"),
                            rs.getObject("ms", Double.class)))
                .list());
  }

  /** Keeps what is added up short: each run that ends leaves a line. */
  @Scheduled(every = "10m", delayed = "1m")
  void addUp() {
    jdbi.useHandle(handle -> handle.execute("select add_up_ended_runs()"));
  }
}

package io.whimbrel.executor.run;

import io.whimbrel.event.MigrationProgress.Applied;
import io.whimbrel.event.MigrationProgress.AppliedStatement;
import io.whimbrel.event.MigrationProgress.Prediction;
import io.whimbrel.event.MigrationProgress.Spent;
import io.whimbrel.event.Operation;
import io.whimbrel.event.RunStateName;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** The figures of a run that its events tell; each joins the transaction of the event. */
@ApplicationScoped
class RunFigures {
  /** So that the event of a run with thousands of migrations stays small. */
  static final int MOST_STATEMENTS = 1_000;

  private final Jdbi jdbi;
  private final RunMigrations migrations;

  RunFigures(DataSource dataSource, RunMigrations migrations) {
    this.jdbi = Jdbi.create(dataSource);
    this.migrations = migrations;
  }

  /** What the run has applied, once it has ended. */
  @Nullable List<Applied> applied(Run run, RunStateName state) {
    if (!state.terminal() || run.plan() == null || run.plan().migrations().isEmpty()) {
      return null;
    }
    Map<Integer, List<AppliedStatement>> statements = statements(run);
    List<Applied> applied =
        migrations.of(run.id()).stream()
            .flatMap(one -> one.figures(statements.get(one.position())).stream())
            .toList();
    return applied.isEmpty() ? null : applied;
  }

  /** The slowest statements of the run, in the order of each script, by its position. */
  private Map<Integer, List<AppliedStatement>> statements(Run run) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    select * from (
                      select m.position, s.*
                      from run_migration m cross join jsonb_to_recordset(m.statements)
                        as s (statement int, "durationMs" bigint, shared boolean, rows bigint,
                          "walBytes" bigint)
                      where m.run_id = :run
                      order by s."durationMs" desc, s.rows desc, m.position, s.statement
                      limit :most) slowest
                    order by position, statement
                    """)
                .bind("run", run.id())
                .bind("most", MOST_STATEMENTS)
                .reduceRows(
                    new HashMap<>(),
                    (all, row) -> {
                      all.computeIfAbsent(
                              row.getColumn("position", Integer.class), at -> new ArrayList<>())
                          .add(
                              new AppliedStatement(
                                  row.getColumn("statement", Integer.class),
                                  row.getColumn("durationMs", Long.class),
                                  row.getColumn("shared", Boolean.class),
                                  row.getColumn("rows", Long.class),
                                  row.getColumn("walBytes", Long.class)));
                      return all;
                    }));
  }

  /**
   * How long the migrations of a plan take together, in the state that has the plan. What slows one
   * down slows the others down, so the ends of their ranges are added too.
   *
   * @return null unless each of them was predicted
   */
  @Nullable Prediction predicted(Run run, RunStateName state) {
    if (state != RunStateName.PLANNED || run.request().operation() != Operation.EXECUTE) {
      return null;
    }
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    select round(sum((predicted ->> 'medianMs')::numeric), 1) as median,
                      round(sum((predicted ->> 'lowMs')::numeric), 1) as low,
                      round(sum((predicted ->> 'highMs')::numeric), 1) as high
                    from run_migration where run_id = :run
                    having count(*) > 0 and count(*) = count(predicted)
                    """)
                .bind("run", run.id())
                .map(
                    (rs, ctx) ->
                        new Prediction(
                            rs.getDouble("median"), rs.getDouble("low"), rs.getDouble("high")))
                .findOne()
                .orElse(null));
  }

  /** What the run took besides time, once it has ended. */
  @Nullable Spent spent(Run run, RunStateName state) {
    if (!state.terminal()) {
      return null;
    }
    BackupReference backup = run.backup();
    Long backupBytes =
        backup == null || backup.status() != BackupReference.Status.VERIFIED
            ? null
            : Long.valueOf(backup.bytes());
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    select coalesce(sum(again), 0) as retries, sum(cpu_ms)::bigint as cpu_ms,
                      max(heap_bytes) as heap_bytes, bool_or(shared) as shared,
                      max(connections)::bigint as connections
                    from (
                      select sum(cpu_ms) as cpu_ms, max(heap_bytes) as heap_bytes,
                        bool_or(shared) as shared, max(connections) as connections,
                        greatest(0, count(*) filter (where outcome is distinct from 'PAUSED') - 1)
                          as again
                      from run_step where run_id = :run group by step) step
                    """)
                .bind("run", run.id())
                .map((rs, ctx) -> spent(rs, backupBytes))
                .one());
  }

  private static Spent spent(ResultSet rs, @Nullable Long backupBytes) throws SQLException {
    return new Spent(
        rs.getLong("retries"),
        backupBytes,
        rs.getObject("cpu_ms", Long.class),
        rs.getObject("heap_bytes", Long.class),
        rs.getObject("shared", Boolean.class),
        rs.getObject("connections", Long.class));
  }
}

package io.whimbrel.executor.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.whimbrel.executor.apply.CrashPoint;
import io.whimbrel.executor.apply.StatementFigures;
import io.whimbrel.executor.forecast.Predictions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/** The migrations of the runs in the control database. */
@ApplicationScoped
public class RunMigrations {
  /**
   * For what is looked up after this process has died, but need not outlive a crash of the control
   * database: then the history of the target alone says what was committed. The next change of the
   * run's state brings it to disk as well.
   */
  static final String NOT_WAITING_FOR_DISK = "set local synchronous_commit = off; ";

  /** What was last predicted for the scripts of a run stays with it. */
  private static final String PREDICTED =
      """
      update run_migration m set predicted = p.predicted
      from run r join prediction p using (target)
      where r.run_id = :run and m.run_id = r.run_id and p.script = m.script
        and p.checksum is not distinct from m.checksum
      """;

  private final Jdbi jdbi;
  private final ObjectMapper json;

  RunMigrations(DataSource dataSource, ObjectMapper json) {
    this.jdbi = Jdbi.create(dataSource);
    this.json = json;
  }

  /** Sets the migrations of a run, as its plan has them; joins the transaction of the plan. */
  @Transactional
  @Durable(CrashPoint.MIGRATION_STATE)
  public void plan(UUID run, List<RunPlan.PlannedMigration> migrations) {
    jdbi.useHandle(
        handle -> {
          handle.createUpdate("delete from run_migration where run_id = ?").bind(0, run).execute();
          if (migrations.isEmpty()) {
            return;
          }
          PreparedBatch batch =
              handle.prepareBatch(
                  """
                  insert into run_migration
                    (run_id, position, script, kind, version, description, checksum, state)
                  values (:run, :position, :script, :kind, :version, :description, :checksum,
                    'PENDING')
                  """);
          for (int i = 0; i < migrations.size(); i++) {
            RunPlan.PlannedMigration migration = migrations.get(i);
            batch
                .bind("run", run)
                .bind("position", i)
                .bind("script", migration.script())
                .bind("kind", migration.kind())
                .bind("version", migration.version())
                .bind("description", migration.description())
                .bind("checksum", migration.checksum())
                .add();
          }
          batch.execute();
          handle.createUpdate(PREDICTED).bind("run", run).execute();
        });
  }

  @Transactional
  public List<RunMigration> of(UUID run) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery("select * from run_migration where run_id = ? order by position")
                .bind(0, run)
                .map((rs, ctx) -> map(rs))
                .list());
  }

  /** The last run of a target that applied the first of these scripts. */
  @Transactional
  public Optional<UUID> lastApplying(String target, List<String> scripts) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    select m.run_id from run_migration m join run r using (run_id)
                    where r.target = :target and m.script = :script and m.state = 'APPLIED'
                      and r.operation = 'EXECUTE'
                    order by r.position desc limit 1
                    """)
                .bind("target", target)
                .bind("script", scripts.get(0))
                .mapTo(UUID.class)
                .findOne());
  }

  /**
   * Notes that what a run had applied was taken back; of a rollback, that it has taken back what it
   * planned to.
   */
  @Transactional
  @Durable(CrashPoint.MIGRATION_STATE)
  public void undone(UUID run) {
    update(
        """
        update run_migration m set state = 'UNDONE' from run r
        where m.run_id = :run and r.run_id = m.run_id
          and (m.state = 'APPLIED' or r.operation = 'ROLLBACK')
        """,
        u -> u.bind("run", run));
  }

  /** Notes what became of one migration that a rollback takes back. */
  @Transactional
  @Durable(CrashPoint.MIGRATION_STATE)
  public void takenBack(UUID run, String script, MigrationState state) {
    update(
        """
        update run_migration set state = :state
        where run_id = :run and script = :script and state in ('APPLIED', 'PENDING', 'FAILED')
        """,
        u -> u.bind("run", run).bind("script", script).bind("state", state.name()));
  }

  @Transactional
  @Durable(CrashPoint.MIGRATION_STATE)
  public void state(UUID run, int position, MigrationState state) {
    update(
        NOT_WAITING_FOR_DISK
            + "update run_migration set state = :state where run_id = :run and position ="
            + " :position",
        u -> u.bind("run", run).bind("position", position).bind("state", state.name()));
  }

  /**
   * A migration is applied.
   *
   * @param next the position of the one that is being applied from now on; null if none is, or if
   *     that is noted later
   */
  @Transactional
  @Durable(CrashPoint.MIGRATION_STATE)
  public void applied(UUID run, int position, Figures figures, @Nullable Integer next) {
    String sql =
        NOT_WAITING_FOR_DISK
            + """
            update run_migration set state = 'APPLIED', duration_ms = :duration, rows = :rows,
              lock_wait_ms = :lockWait, wal_bytes = :wal, statements = cast(:statements as jsonb)
            where run_id = :run and position = :position
            """;
    update(
        next == null
            ? sql
            : sql
                + "; update run_migration set state = 'APPLYING' where run_id = :run and position ="
                + " :next",
        u ->
            (next == null ? u : u.bind("next", next))
                .bind("run", run)
                .bind("position", position)
                .bind("duration", figures.durationMs())
                .bind("rows", figures.rows())
                .bind("lockWait", figures.lockWaitMs())
                .bind("wal", figures.walBytes())
                .bind("statements", write(figures.statements())));
  }

  /** All migrations of a run that shares one transaction are applied, or failed, together. */
  @Transactional
  @Durable(CrashPoint.MIGRATION_STATE)
  public void allState(UUID run, MigrationState state) {
    update(
        "update run_migration set state = :state where run_id = :run and state <> 'APPLIED'",
        u -> u.bind("run", run).bind("state", state.name()));
  }

  /**
   * What is known of a migration that was applied.
   *
   * @param walBytes that its session wrote for it; null if they are not known
   * @param statements the slowest of them
   */
  public record Figures(
      long durationMs,
      long rows,
      long lockWaitMs,
      @Nullable Long walBytes,
      List<StatementFigures> statements) {
    public Figures {
      statements = List.copyOf(statements);
    }
  }

  /**
   * All migrations of a run are applied, in one transaction.
   *
   * @param each what is known of them in their order; empty if nothing is
   */
  @Transactional
  @Durable(CrashPoint.MIGRATION_STATE)
  public void allApplied(UUID run, List<Figures> each) {
    allState(run, MigrationState.APPLIED);
    for (int i = 0; i < each.size(); i++) {
      applied(run, i, each.get(i), null);
    }
  }

  private String write(List<StatementFigures> statements) {
    try {
      return json.writeValueAsString(statements);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("figures of statements cannot be written as JSON", e);
    }
  }

  private int update(String sql, UnaryOperator<Update> binding) {
    return jdbi.withHandle(handle -> binding.apply(handle.createUpdate(sql)).execute());
  }

  private static RunMigration map(ResultSet rs) throws SQLException {
    String predicted = rs.getString("predicted");
    return new RunMigration(
        rs.getInt("position"),
        rs.getString("script"),
        rs.getString("kind"),
        rs.getString("version"),
        rs.getString("description"),
        rs.getObject("checksum", Integer.class),
        MigrationState.valueOf(rs.getString("state")),
        rs.getString("xid"),
        rs.getObject("duration_ms", Long.class),
        rs.getObject("rows", Long.class),
        rs.getObject("lock_wait_ms", Long.class),
        rs.getObject("wal_bytes", Long.class),
        rs.getString("fingerprint_begin"),
        rs.getString("fingerprint_end"),
        predicted == null ? null : Predictions.read(predicted));
  }
}

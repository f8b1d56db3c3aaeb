package io.whimbrel.monitoring.run;

import static java.util.Comparator.comparing;

import io.whimbrel.delivery.Received;
import io.whimbrel.event.MigrationProgress;
import io.whimbrel.event.MigrationRequested;
import io.whimbrel.event.RunStateName;
import io.whimbrel.event.ValidationCompleted;
import io.whimbrel.monitoring.Columns;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.Update;

/**
 * The picture of the runs, which comes out the same in whatever order, and however often, their
 * events arrive: the database adds a {@link RunChange} to what it has as {@link RunChange#with}
 * does.
 */
@ApplicationScoped
public class RunRepository {
  private static final String ADD =
      """
      insert into run_picture as p (run_id, target, operation, state, sequence, requested_at,
        started_at, changed_at, finished_at, validating_at, backing_up_at, applying_at,
        verifying_at, rolling_back_at, rows_done, sql_state, predicted, drifted, predicted_high_ms,
        lock_wait_ms, wal_bytes, retries, backup_bytes, first_seen, last_seen)
      select run_id::uuid, target, operation, state, sequence, requested_at::timestamptz,
        started_at::timestamptz, changed_at::timestamptz, finished_at::timestamptz,
        validating_at::timestamptz, backing_up_at::timestamptz, applying_at::timestamptz,
        verifying_at::timestamptz, rolling_back_at::timestamptz, rows_done, sql_state,
        predicted::boolean, drifted::boolean, predicted_high_ms, lock_wait_ms, wal_bytes, retries,
        backup_bytes, :seen, :seen
      from unnest(:runId, :target, :operation, :state, cast(:sequence as bigint[]), :requestedAt,
        :startedAt, :changedAt, :finishedAt, :validating, :backingUp, :applying, :verifying,
        :rollingBack, cast(:rowsDone as bigint[]), :sqlState, :predicted, :drifted,
        cast(:predictedHighMs as double precision[]), cast(:lockWaitMs as bigint[]),
        cast(:walBytes as bigint[]), cast(:retries as bigint[]), cast(:backupBytes as bigint[]))
        as change (run_id, target, operation, state, sequence, requested_at, started_at,
          changed_at, finished_at, validating_at, backing_up_at, applying_at, verifying_at,
          rolling_back_at, rows_done, sql_state, predicted, drifted, predicted_high_ms,
          lock_wait_ms, wal_bytes, retries, backup_bytes)
      on conflict (run_id) do update set
        requested_at = least(p.requested_at, excluded.requested_at),
        started_at = least(p.started_at, excluded.started_at),
        validating_at = least(p.validating_at, excluded.validating_at),
        backing_up_at = least(p.backing_up_at, excluded.backing_up_at),
        applying_at = least(p.applying_at, excluded.applying_at),
        verifying_at = least(p.verifying_at, excluded.verifying_at),
        rolling_back_at = least(p.rolling_back_at, excluded.rolling_back_at),
        rows_done = greatest(p.rows_done, excluded.rows_done),
        predicted = greatest(p.predicted, excluded.predicted),
        drifted = greatest(p.drifted, excluded.drifted),
        predicted_high_ms = greatest(p.predicted_high_ms, excluded.predicted_high_ms),
        lock_wait_ms = greatest(p.lock_wait_ms, excluded.lock_wait_ms),
        wal_bytes = greatest(p.wal_bytes, excluded.wal_bytes),
        retries = greatest(p.retries, excluded.retries),
        backup_bytes = greatest(p.backup_bytes, excluded.backup_bytes),
        first_seen = least(p.first_seen, excluded.first_seen),
        last_seen = greatest(p.last_seen, excluded.last_seen),
        (target, operation, state, sequence, changed_at, finished_at, sql_state) = (
          select excluded.target, excluded.operation, excluded.state, excluded.sequence,
            excluded.changed_at, excluded.finished_at, excluded.sql_state
          where run_picture_yields(
            p.finished_at, p.sequence, excluded.finished_at, excluded.sequence)
          union all
          select p.target, p.operation, p.state, p.sequence,
            p.changed_at, p.finished_at, p.sql_state
          where not run_picture_yields(
            p.finished_at, p.sequence, excluded.finished_at, excluded.sequence))
      """;

  private final Jdbi jdbi;

  RunRepository(DataSource dataSource) {
    this.jdbi = Jdbi.create(dataSource);
  }

  /** A run that was rejected for a reason of its own. */
  public record Rejected(UUID runId, String target) {}

  /**
   * Adds what events tell; of alerts, nothing.
   *
   * @param seen when they were logged
   */
  @Transactional(TxType.MANDATORY)
  public void add(List<Received<?>> events, Instant seen) {
    Map<UUID, RunChange> changes = new LinkedHashMap<>();
    Map<UUID, Outcome> outcomes = new LinkedHashMap<>();
    for (Received<?> received : events) {
      if (received.event() instanceof MigrationRequested requested) {
        changes.merge(requested.runId(), RunChange.of(requested, received.time()), RunChange::with);
      } else if (received.event() instanceof MigrationProgress progress) {
        changes.merge(progress.runId(), RunChange.of(progress), RunChange::with);
      } else if (received.event() instanceof ValidationCompleted validation) {
        outcomes.putIfAbsent(validation.validationId(), new Outcome(validation, received.time()));
      }
    }
    add(changes.values(), seen);
    addOutcomes(outcomes.values(), seen);
  }

  private record Outcome(ValidationCompleted validation, Instant at) {}

  /** In the order of the runs, so that batches that touch the same runs do not deadlock. */
  private void add(Collection<RunChange> changes, Instant seen) {
    if (changes.isEmpty()) {
      return;
    }
    List<RunChange> all = changes.stream().sorted(comparing(c -> c.runId().toString())).toList();
    jdbi.useHandle(
        handle -> {
          Update add = handle.createUpdate(ADD).bind("seen", seen);
          Columns.bind(add, "runId", all, RunChange::runId);
          Columns.bind(add, "target", all, RunChange::target);
          Columns.bind(add, "operation", all, RunChange::operation);
          Columns.bind(add, "state", all, RunChange::state);
          Columns.bind(add, "sequence", all, RunChange::sequence);
          Columns.bind(add, "requestedAt", all, RunChange::requestedAt);
          Columns.bind(add, "startedAt", all, RunChange::startedAt);
          Columns.bind(add, "changedAt", all, RunChange::changedAt);
          Columns.bind(add, "finishedAt", all, RunChange::finishedAt);
          Columns.bind(add, "validating", all, c -> c.entered(RunStateName.VALIDATING));
          Columns.bind(add, "backingUp", all, c -> c.entered(RunStateName.BACKING_UP));
          Columns.bind(add, "applying", all, c -> c.entered(RunStateName.APPLYING));
          Columns.bind(add, "verifying", all, c -> c.entered(RunStateName.VERIFYING));
          Columns.bind(add, "rollingBack", all, c -> c.entered(RunStateName.ROLLING_BACK));
          Columns.bind(add, "rowsDone", all, RunChange::rowsDone);
          Columns.bind(add, "sqlState", all, RunChange::sqlState);
          Columns.bind(add, "predicted", all, RunChange::predicted);
          Columns.bind(add, "drifted", all, RunChange::drifted);
          Columns.bind(add, "predictedHighMs", all, RunChange::predictedHighMs);
          Columns.bind(add, "lockWaitMs", all, c -> c.spent().lockWaitMs());
          Columns.bind(add, "walBytes", all, c -> c.spent().walBytes());
          Columns.bind(add, "retries", all, c -> c.spent().retries());
          Columns.bind(add, "backupBytes", all, c -> c.spent().backupBytes());
          add.execute();
        });
  }

  private void addOutcomes(Collection<Outcome> outcomes, Instant seen) {
    if (outcomes.isEmpty()) {
      return;
    }
    List<Outcome> all =
        outcomes.stream().sorted(comparing(o -> o.validation().validationId().toString())).toList();
    jdbi.useHandle(
        handle -> {
          Update add =
              handle.createUpdate(
                  """
                  insert into validation_outcome
                    (validation_id, run_id, target, phase, valid, duration_ms, completed_at,
                      recorded_at)
                  select id::uuid, run::uuid, target, phase, valid::boolean, ms::bigint,
                    at::timestamptz, :seen
                  from unnest(:id, :run, :target, :phase, :valid, :ms, :at)
                    as outcome (id, run, target, phase, valid, ms, at)
                  on conflict do nothing
                  """);
          add.bind("seen", seen);
          Columns.bind(add, "id", all, o -> o.validation().validationId());
          Columns.bind(add, "run", all, o -> o.validation().runId());
          Columns.bind(add, "target", all, o -> o.validation().target());
          Columns.bind(add, "phase", all, o -> o.validation().phase());
          Columns.bind(add, "valid", all, o -> o.validation().valid());
          Columns.bind(add, "ms", all, o -> o.validation().durationMs());
          Columns.bind(add, "at", all, Outcome::at);
          add.execute();
        });
  }

  /**
   * Takes back all that the log from a time on told, so that it can be added again. The figures
   * follow; what nothing is added to afterwards is removed by {@link #removeBlank}.
   */
  @Transactional(TxType.MANDATORY)
  public void blank(Instant from) {
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate(
                    """
                    update run_picture set state = 'REQUESTED', sequence = -1,
                      requested_at = null, started_at = null, finished_at = null,
                      validating_at = null, backing_up_at = null, applying_at = null,
                      verifying_at = null, rolling_back_at = null, rows_done = null,
                      sql_state = null, predicted = null, drifted = null, predicted_high_ms = null,
                      lock_wait_ms = null, wal_bytes = null, retries = null, backup_bytes = null,
                      first_seen = 'infinity'
                    where first_seen >= :from
                    """)
                .bind("from", from)
                .execute());
  }

  /** Removes runs that no event of the log tells of. */
  @Transactional(TxType.MANDATORY)
  public int removeBlank() {
    return jdbi.withHandle(
        handle -> handle.createUpdate("delete from run_picture where sequence < 0").execute());
  }

  /** Runs rejected of late, and longer ago than the grace, that no failed validation explains. */
  public List<Rejected> rejectedWithoutValidation(Duration grace) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    select run_id, target from run_picture run
                    where state = 'REJECTED'
                      and last_seen > now() - interval '1 day'
                      and last_seen < now() - make_interval(secs => :grace)
                      and not exists (select from validation_outcome v
                        where v.run_id = run.run_id and not v.valid)
                      and not exists (select from alert a
                        where a.run_id = run.run_id and a.kind = 'RUN_REJECTED')
                    """)
                .bind("grace", grace.toMillis() / 1000.0)
                .map(
                    (rs, ctx) ->
                        new Rejected(rs.getObject("run_id", UUID.class), rs.getString("target")))
                .list());
  }
}

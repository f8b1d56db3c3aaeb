package io.whimbrel.executor.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.whimbrel.event.MigrationProgress;
import io.whimbrel.event.MigrationRequested;
import io.whimbrel.event.RunError;
import io.whimbrel.event.RunStateName;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/** The runs in the control database. Every method joins the transaction of its caller. */
@ApplicationScoped
public class RunRepository {
  private final Jdbi jdbi;
  private final ObjectMapper json;
  private final RunRow rows;
  private final ProcessUse use;

  RunRepository(DataSource dataSource, ObjectMapper json, ProcessUse use) {
    this.jdbi = Jdbi.create(dataSource);
    this.json = json;
    this.rows = new RunRow(json);
    this.use = use;
  }

  /** False if there is a run of this id already. */
  boolean insert(
      MigrationRequested request,
      String source,
      boolean mayLoseData,
      Instant at,
      @Nullable String trace) {
    return update(
            """
            insert into run (run_id, operation, target, state, request, source, trace,
              may_lose_data, requested_by, requested_at)
            values (:run, :operation, :target, 'REQUESTED', cast(:request as jsonb), :source, :trace,
              :mayLoseData, :requestedBy, :at)
            on conflict (run_id) do nothing
            """,
            u ->
                u.bind("run", request.runId())
                    .bind("operation", request.operation().name())
                    .bind("target", request.target())
                    .bind("request", write(request))
                    .bind("source", source)
                    .bind("trace", trace)
                    .bind("mayLoseData", mayLoseData)
                    .bind("requestedBy", request.requestedBy())
                    .bind("at", OffsetDateTime.ofInstant(at, ZoneOffset.UTC)))
        == 1;
  }

  /** Whoever asks for a run of a target or ends one does so alone, until the transaction ends. */
  void lockQueue(String target) {
    jdbi.useHandle(
        handle ->
            handle
                .createQuery("select pg_advisory_xact_lock(hashtextextended(:target, 7))")
                .bind("target", target)
                .map((rs, ctx) -> "")
                .list());
  }

  /**
   * Gives the target to the run that has waited longest for it, if nobody has it. The time is that
   * of the moment, as the transaction may have begun while another run still had the target.
   */
  Optional<UUID> activateNext(String target) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    update run set active = true, started_at = clock_timestamp()
                    where run_id = (
                        select run_id from run
                        where target = :target and state = 'REQUESTED' and not active
                        order by position limit 1)
                      and not exists (select from run where target = :target and active)
                    returning run_id
                    """)
                .bind("target", target)
                .mapTo(UUID.class)
                .findOne());
  }

  public Optional<Run> find(UUID run) {
    return select("select * from run where run_id = :run", run);
  }

  /** The run, locked until the transaction ends. */
  Optional<Run> lock(UUID run) {
    return select("select * from run where run_id = :run for update", run);
  }

  private Optional<Run> select(String sql, UUID run) {
    return jdbi.withHandle(
        handle ->
            handle.createQuery(sql).bind("run", run).map((rs, ctx) -> rows.run(rs)).findOne());
  }

  /** Takes the next token for the run, so that earlier claims are stale. */
  long claim(UUID run) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "update run set token = nextval('fence_token') where run_id = :run"
                        + " returning token")
                .bind("run", run)
                .mapTo(Long.class)
                .one());
  }

  /**
   * Saves the state.
   *
   * @return the next sequence number of the run's events
   */
  long saveState(UUID run, RunStateName state, RunProgress progress, @Nullable RunError error) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    update run set state = :state,
                      active = active and not :terminal,
                      finished_at = case when :terminal then clock_timestamp() end,
                      progress = cast(:progress as jsonb),
                      error = coalesce(cast(:error as jsonb), error),
                      sequence = sequence + 1
                    where run_id = :run
                    returning sequence
                    """)
                .bind("state", state.name())
                .bind("terminal", state.terminal())
                .bind("progress", write(progress))
                .bind("error", write(error))
                .bind("run", run)
                .mapTo(Long.class)
                .one());
  }

  void saveProgress(UUID run, RunProgress progress) {
    save(run, "progress", progress);
  }

  public void savePlan(UUID run, RunPlan plan) {
    save(run, "plan", plan);
  }

  public void saveValidationBefore(UUID run, ValidationOutcome outcome) {
    save(run, "validation_before", outcome);
  }

  public void saveValidationAfter(UUID run, ValidationOutcome outcome) {
    save(run, "validation_after", outcome);
  }

  public void saveBackup(UUID run, BackupReference backup) {
    save(run, "backup", backup);
  }

  /** How scripts differ from what was applied, as values that can be written as JSON. */
  @Transactional
  public void saveDifferences(UUID run, List<?> differences) {
    save(run, "differences", differences);
  }

  public void saveRollback(UUID run, RollbackOutcome rollback) {
    save(run, "rollback", rollback);
  }

  private void save(UUID run, String column, Object value) {
    update(
        "update run set " + column + " = cast(:value as jsonb) where run_id = :run",
        u -> u.bind("value", write(value)).bind("run", run));
  }

  /** The next sequence number of the run's events. */
  long nextSequence(UUID run) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "update run set sequence = sequence + 1 where run_id = :run returning sequence")
                .bind("run", run)
                .mapTo(Long.class)
                .one());
  }

  void insertEvent(MigrationProgress event) {
    update(
        "insert into run_event (run_id, sequence, event) values (:run, :sequence,"
            + " cast(:event as jsonb))",
        u ->
            u.bind("run", event.runId())
                .bind("sequence", event.sequence())
                .bind("event", write(event)));
  }

  /** Notes that a step begins; a step that is begun again has one more attempt. */
  void beginStep(UUID run, Step step) {
    update(
        """
        insert into run_step (run_id, step, attempt, started_at)
        select :run, :step, coalesce(max(attempt), 0) + 1, now()
        from run_step where run_id = :run and step = :step
        """,
        u -> u.bind("run", run).bind("step", step.name()));
  }

  /** Notes how the last attempt of a step ended, and what this process used meanwhile. */
  public void endStep(UUID run, Step step, String outcome) {
    Optional<ProcessUse.Used> used = use.of(run);
    update(
        """
        update run_step set finished_at = now(), outcome = :outcome, cpu_ms = :cpu,
          heap_bytes = :heap, shared = :shared, connections = :connections
        where run_id = :run and step = :step and finished_at is null and attempt = (
          select max(attempt) from run_step where run_id = :run and step = :step)
        """,
        u ->
            u.bind("run", run)
                .bind("step", step.name())
                .bind("outcome", outcome)
                .bind("cpu", used.map(ProcessUse.Used::cpuMs).orElse(null))
                .bind("heap", used.map(ProcessUse.Used::heapBytes).orElse(null))
                .bind("shared", used.map(ProcessUse.Used::shared).orElse(null))
                .bind("connections", used.map(ProcessUse.Used::connections).orElse(null)));
  }

  private int update(String sql, UnaryOperator<Update> binding) {
    return jdbi.withHandle(handle -> binding.apply(handle.createUpdate(sql)).execute());
  }

  private @Nullable String write(@Nullable Object value) {
    try {
      return value == null ? null : json.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a run cannot be written as JSON", e);
    }
  }
}

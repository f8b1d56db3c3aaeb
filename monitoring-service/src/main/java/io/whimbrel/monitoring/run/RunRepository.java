package io.whimbrel.monitoring.run;

import io.whimbrel.event.MigrationProgress;
import io.whimbrel.event.MigrationRequested;
import io.whimbrel.event.RunStateName;
import io.whimbrel.event.ValidationCompleted;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.Update;

/**
 * The picture of the runs. Each event is applied so that the order of arrival does not matter:
 * times are least or greatest ones, an older sequence never moves a state back, an ended run stays
 * as it ended.
 */
@ApplicationScoped
public class RunRepository {
  /** The first event of a run shows it; later ones can only show that it began earlier. */
  private static final String NOTICE =
      """
      insert into run_picture
        (run_id, target, operation, state, sequence, started_at, changed_at, finished_at)
      values (:runId, :target, :operation, :state, :sequence,
        cast(:startedAt as timestamptz), :at, cast(:finishedAt as timestamptz))
      on conflict (run_id) do update set
        started_at = least(run_picture.started_at, excluded.started_at)
      """;

  private static final String ADVANCE =
      """
      update run_picture set target = :target, operation = :operation, state = :state,
        sequence = :sequence, changed_at = :at,
        finished_at = cast(:finishedAt as timestamptz), last_seen = now()
      where run_id = :runId and finished_at is null
        and (cast(:finishedAt as timestamptz) is not null or :sequence > sequence)
      """;

  private final Jdbi jdbi;

  RunRepository(DataSource dataSource) {
    this.jdbi = Jdbi.create(dataSource);
  }

  /** A run that was rejected for a reason of its own. */
  public record Rejected(UUID runId, String target) {}

  /**
   * A run was asked for.
   *
   * @param time when the record was published, which stands in for a missing time of request
   */
  @Transactional(TxType.MANDATORY)
  public void apply(MigrationRequested event, Instant time) {
    Instant requestedAt = event.requestedAt() == null ? time : event.requestedAt();
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate(
                    """
                    insert into run_picture
                      (run_id, target, operation, state, sequence, requested_at, changed_at)
                    values (:runId, :target, :operation, 'REQUESTED', 0, :at, :at)
                    on conflict (run_id) do update set
                      requested_at = least(run_picture.requested_at, excluded.requested_at)
                    """)
                .bind("runId", event.runId())
                .bind("target", event.target())
                .bind("operation", event.operation())
                .bind("at", requestedAt)
                .execute());
  }

  /** A run tells where it is. */
  @Transactional(TxType.MANDATORY)
  public void apply(MigrationProgress event) {
    jdbi.useHandle(
        handle -> {
          bind(handle.createUpdate(NOTICE), event).execute();
          bind(handle.createUpdate(ADVANCE), event).execute();
        });
  }

  private static Update bind(Update update, MigrationProgress event) {
    return update
        .bindMethods(event)
        .bind("startedAt", began(event) ? event.at() : null)
        .bind("finishedAt", event.state().terminal() ? event.at() : null);
  }

  private static boolean began(MigrationProgress event) {
    return event.state() != RunStateName.REQUESTED;
  }

  /** A validation tells its outcome. */
  @Transactional(TxType.MANDATORY)
  public void apply(ValidationCompleted event, Instant time) {
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate(
                    """
                    insert into validation_outcome
                      (validation_id, run_id, target, phase, valid, duration_ms, completed_at)
                    values (:validationId, :runId, :target, :phase, :valid, :durationMs, :time)
                    on conflict do nothing
                    """)
                .bindMethods(event)
                .bind("time", time)
                .execute());
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

package io.whimbrel.validation.request;

import com.fasterxml.jackson.core.type.TypeReference;
import io.whimbrel.delivery.Traces;
import io.whimbrel.event.Phase;
import io.whimbrel.validation.check.Progress;
import io.whimbrel.validation.report.Report;
import io.whimbrel.validation.report.Subject;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * The rows of {@code validation} as those see them who ask; see {@link ClaimRepository} for those
 * who work on them. Whoever calls within a transaction has his part in it.
 */
@ApplicationScoped
public class RequestRepository {
  private static final TypeReference<Progress.State> PROGRESS = new TypeReference<>() {};
  private static final TypeReference<Report> REPORT = new TypeReference<>() {};

  private final Jdbi jdbi;
  private final JsonColumns json;
  private final Traces traces;

  RequestRepository(DataSource dataSource, JsonColumns json, Traces traces) {
    this.jdbi = Jdbi.create(dataSource);
    this.json = json;
    this.traces = traces;
  }

  /** Notes a run's request; a run has one validation of a phase, however often it is asked for. */
  public void request(Subject subject) {
    request(subject, null);
  }

  /**
   * Notes a request.
   *
   * @param requestedBy the user who asks, if it is not a run
   */
  public void request(Subject subject, @Nullable String requestedBy) {
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate(
                    """
                    insert into validation
                      (id, run_id, phase, target, tables, planned, wish, requested_by, trace)
                    values (:id, cast(:runId as uuid), :phase, :target, cast(:tables as jsonb),
                            cast(:planned as jsonb), cast(:wish as jsonb), :requestedBy, :trace)
                    on conflict (run_id, phase) where run_id is not null do nothing
                    """)
                .bind("id", subject.id())
                .bind("runId", subject.runId())
                .bind("phase", subject.phase().name())
                .bind("target", subject.target())
                .bind("tables", json.write(subject.touched()))
                .bind("planned", json.write(subject.planned()))
                .bind("wish", json.write(subject.wish()))
                .bind("requestedBy", requestedBy)
                .bind("trace", traces.here())
                .execute());
  }

  /**
   * Asks for an end without a look; whoever works on the validation breaks off.
   *
   * @return false if the validation has ended already
   */
  public boolean cancel(UUID id, String user) {
    return jdbi.withHandle(
            handle ->
                handle
                    .createUpdate(
                        """
                        update validation
                           set cancelled_by = coalesce(cancelled_by, :user),
                               due_at = least(due_at, clock_timestamp())
                         where id = :id and state <> 'DONE'
                        """)
                    .bind("id", id)
                    .bind("user", user)
                    .execute())
        == 1;
  }

  public Optional<Stored> find(UUID id) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    select id, run_id, phase, target, state, requested_at, progress, report
                      from validation where id = :id
                    """)
                .bind("id", id)
                .map((row, context) -> stored(row))
                .findOne());
  }

  /** The report of a validation that is done. */
  public Report report(Stored stored) {
    return json.read(Objects.requireNonNull(stored.report()), REPORT);
  }

  private Stored stored(ResultSet row) throws SQLException {
    String progress = row.getString("progress");
    return new Stored(
        row.getObject("id", UUID.class),
        row.getObject("run_id", UUID.class),
        Phase.valueOf(row.getString("phase")),
        row.getString("target"),
        row.getString("state"),
        row.getObject("requested_at", OffsetDateTime.class).toInstant(),
        progress == null ? null : json.read(progress, PROGRESS),
        row.getString("report"));
  }
}

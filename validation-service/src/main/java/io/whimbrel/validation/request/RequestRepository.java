package io.whimbrel.validation.request;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.whimbrel.event.Phase;
import io.whimbrel.event.PlannedChange;
import io.whimbrel.event.TableName;
import io.whimbrel.validation.check.Progress;
import io.whimbrel.validation.report.Report;
import io.whimbrel.validation.report.Subject;
import io.whimbrel.validation.report.Wish;
import io.whimbrel.validation.rule.SqlStates;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.jspecify.annotations.Nullable;

/** The rows of {@code validation}. Whoever calls within a transaction has his part in it. */
@ApplicationScoped
public class RequestRepository {
  private static final TypeReference<List<TableName>> TABLES = new TypeReference<>() {};

  private static final TypeReference<List<PlannedChange>> PLANNED = new TypeReference<>() {};
  private static final TypeReference<Wish> WISH = new TypeReference<>() {};
  private static final TypeReference<Map<String, String>> NOTES = new TypeReference<>() {};
  private static final TypeReference<Progress.State> PROGRESS = new TypeReference<>() {};
  private static final TypeReference<Report> REPORT = new TypeReference<>() {};

  private static final String SLOT_TAKEN = "23505";
  private static final int ATTEMPTS = 5;

  private final Jdbi jdbi;
  private final ObjectMapper json;

  RequestRepository(DataSource dataSource, ObjectMapper json) {
    this.jdbi = Jdbi.create(dataSource);
    this.json = json;
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
                      (id, run_id, phase, target, tables, planned, wish, requested_by)
                    values (:id, cast(:runId as uuid), :phase, :target, cast(:tables as jsonb),
                            cast(:planned as jsonb), cast(:wish as jsonb), :requestedBy)
                    on conflict (run_id, phase) where run_id is not null do nothing
                    """)
                .bind("id", subject.id())
                .bind("runId", subject.runId())
                .bind("phase", subject.phase().name())
                .bind("target", subject.target())
                .bind("tables", write(subject.touched()))
                .bind("planned", write(subject.planned()))
                .bind("wish", write(subject.wish()))
                .bind("requestedBy", requestedBy)
                .execute());
  }

  /**
   * Takes the oldest validation that nobody works on and whose target has room.
   *
   * @param most of one target that are worked on at the same time, by all instances
   */
  Optional<Claim> claim(UUID token, Duration lease, int most) {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      try {
        return claimOnce(token, lease, most);
      } catch (UnableToExecuteStatementException e) {
        if (!SqlStates.within(e).filter(SLOT_TAKEN::equals).isPresent()) {
          throw e;
        }
      }
    }
    return Optional.empty();
  }

  /** Fails if another takes the same slot at the same moment. */
  private Optional<Claim> claimOnce(UUID token, Duration lease, int most) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    update validation
                       set state = 'RUNNING', claim = :token, slot = next.slot,
                           lease_until = clock_timestamp() + make_interval(secs => :lease),
                           started_at = coalesce(started_at, clock_timestamp())
                      from (select v.id as next_id, coalesce(v.slot, room.slot) as slot
                              from validation v
                              left join lateral (
                                select min(s) as slot from generate_series(1, :most) as s
                                 where not exists (select from validation w
                                                    where w.target = v.target and w.slot = s)
                              ) as room on true
                             where v.state <> 'DONE' and v.due_at <= clock_timestamp()
                               and (v.lease_until is null or v.lease_until < clock_timestamp())
                               and (v.slot is not null or room.slot is not null)
                             order by v.requested_at
                             limit 1 for update of v skip locked) as next
                     where id = next.next_id
                    returning id, run_id, phase, target, tables, planned, wish, requested_by,
                              cancelled_by,
                              (select e.notes from validation e
                                where e.target = validation.target
                                  and (e.id = (validation.wish ->> 'since')::uuid
                                       or e.run_id = validation.run_id and e.phase = 'BEFORE'
                                          and validation.phase = 'AFTER')) as earlier,
                              extract(epoch from clock_timestamp() - started_at)::float8 as age
                    """)
                .bind("token", token)
                .bind("lease", seconds(lease))
                .bind("most", most)
                .map((row, context) -> claim(token, row))
                .findOne());
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

  /** Those of the claims whose validation somebody has cancelled. */
  List<UUID> cancelled(Collection<UUID> tokens) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "select claim from validation where claim = any (:tokens) and cancelled_by is"
                        + " not null")
                .bindArray("tokens", UUID.class, tokens)
                .mapTo(UUID.class)
                .list());
  }

  /** Says of the claims that their workers are alive. */
  void prolong(Collection<UUID> tokens, Duration lease) {
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate(
                    """
                    update validation
                       set lease_until = clock_timestamp() + make_interval(secs => :lease)
                     where claim = any (:tokens)
                    """)
                .bindArray("tokens", UUID.class, tokens)
                .bind("lease", seconds(lease))
                .execute());
  }

  /** Says how far the holder of a claim is; nothing happens if the claim was lost. */
  void progress(UUID token, Progress.State state) {
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate(
                    "update validation set progress = cast(:state as jsonb) where claim = :token")
                .bind("token", token)
                .bind("state", write(state))
                .execute());
  }

  /** Gives the claims back, to be claimed again after the pause. */
  void release(Collection<UUID> tokens, Duration pause) {
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate(
                    """
                    update validation
                       set state = 'PENDING', claim = null, lease_until = null, slot = null,
                           due_at = clock_timestamp() + make_interval(secs => :pause)
                     where claim = any (:tokens)
                    """)
                .bindArray("tokens", UUID.class, tokens)
                .bind("pause", seconds(pause))
                .execute());
  }

  /**
   * Stores the report.
   *
   * @param notes for a later validation
   * @return false if the claim has been lost to another worker, whose report it will be
   */
  boolean finish(UUID token, Report report, Map<String, String> notes) {
    return jdbi.withHandle(
            handle ->
                handle
                    .createUpdate(
                        """
                        update validation
                           set state = 'DONE', claim = null, lease_until = null, slot = null,
                               finished_at = clock_timestamp(), report = cast(:report as jsonb),
                               notes = cast(:notes as jsonb), progress = null
                         where claim = :token
                        """)
                    .bind("token", token)
                    .bind("report", write(report))
                    .bind("notes", write(notes))
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
    return read(Objects.requireNonNull(stored.report()), REPORT);
  }

  private Claim claim(UUID token, ResultSet row) throws SQLException {
    Subject subject =
        new Subject(
            row.getObject("id", UUID.class),
            row.getObject("run_id", UUID.class),
            Phase.valueOf(row.getString("phase")),
            row.getString("target"),
            read(row.getString("tables"), TABLES),
            read(row.getString("planned"), PLANNED),
            read(row.getString("wish"), WISH));
    String earlier = row.getString("earlier");
    return new Claim(
        token,
        subject,
        row.getString("requested_by"),
        row.getString("cancelled_by"),
        earlier == null ? null : read(earlier, NOTES),
        Duration.ofMillis((long) (row.getDouble("age") * 1000)));
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
        progress == null ? null : read(progress, PROGRESS),
        row.getString("report"));
  }

  private String write(Object value) {
    try {
      return json.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot be written as JSON", e);
    }
  }

  private <T> T read(String value, TypeReference<T> type) {
    try {
      return json.readValue(value, type);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("table validation holds what was not written by it", e);
    }
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }
}

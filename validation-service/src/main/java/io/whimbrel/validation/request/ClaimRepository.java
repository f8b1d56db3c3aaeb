package io.whimbrel.validation.request;

import com.fasterxml.jackson.core.type.TypeReference;
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
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;

/**
 * Who works on which row of {@code validation}: a claim has a token and a lease, and one that was
 * not prolonged can be taken over. Whoever calls within a transaction has his part in it.
 */
@ApplicationScoped
class ClaimRepository {
  private static final TypeReference<List<TableName>> TABLES = new TypeReference<>() {};
  private static final TypeReference<List<PlannedChange>> PLANNED = new TypeReference<>() {};
  private static final TypeReference<Wish> WISH = new TypeReference<>() {};
  private static final TypeReference<Map<String, String>> NOTES = new TypeReference<>() {};

  private static final String SLOT_TAKEN = "23505";
  private static final int ATTEMPTS = 5;

  private final Jdbi jdbi;
  private final JsonColumns json;

  ClaimRepository(DataSource dataSource, JsonColumns json) {
    this.jdbi = Jdbi.create(dataSource);
    this.json = json;
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
                              cancelled_by, trace,
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
                .bind("state", json.write(state))
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
                    .bind("report", json.write(report))
                    .bind("notes", json.write(notes))
                    .execute())
        == 1;
  }

  private Claim claim(UUID token, ResultSet row) throws SQLException {
    Subject subject =
        new Subject(
            row.getObject("id", UUID.class),
            row.getObject("run_id", UUID.class),
            Phase.valueOf(row.getString("phase")),
            row.getString("target"),
            json.read(row.getString("tables"), TABLES),
            json.read(row.getString("planned"), PLANNED),
            json.read(row.getString("wish"), WISH));
    String earlier = row.getString("earlier");
    return new Claim(
        token,
        subject,
        row.getString("requested_by"),
        row.getString("cancelled_by"),
        row.getString("trace"),
        earlier == null ? null : json.read(earlier, NOTES),
        Duration.ofMillis((long) (row.getDouble("age") * 1000)));
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }
}

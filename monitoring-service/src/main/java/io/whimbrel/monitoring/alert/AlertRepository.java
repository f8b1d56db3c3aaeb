package io.whimbrel.monitoring.alert;

import io.whimbrel.event.AlertRaised;
import io.whimbrel.event.Severity;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** The alerts there are. */
@ApplicationScoped
public class AlertRepository {
  private final Jdbi jdbi;

  AlertRepository(DataSource dataSource) {
    this.jdbi = Jdbi.create(dataSource);
  }

  /** Which alerts to list; what is null does not restrict. */
  public record Filter(
      AlertRaised.@Nullable Status status, @Nullable Severity severity, @Nullable String target) {}

  /**
   * Inserts an alert.
   *
   * @return false if the cause has its alert already
   */
  @Transactional(TxType.MANDATORY)
  boolean insert(Alert alert) {
    return jdbi.withHandle(
            handle ->
                handle
                    .createUpdate(
                        """
                        with raised as (
                          insert into alert (alert_id, severity, kind, status, target, run_id,
                            title, detail, deduplication_key, raised_at, silenced)
                          values (:alertId, :severity, :kind, :status, :target,
                            cast(:runId as uuid), :title, :detail, :deduplicationKey, :raisedAt,
                            :silenced)
                          on conflict do nothing
                          returning kind, severity)
                        insert into alert_count as c (kind, severity, alerts)
                        select kind, severity, 1 from raised
                        on conflict (kind, severity) do update set alerts = c.alerts + 1
                        """)
                    .bindMethods(alert)
                    .execute())
        == 1;
  }

  /**
   * The newest alerts first.
   *
   * @param behind only those that come after this one; null from the newest on
   */
  public List<Alert> newest(Filter filter, @Nullable UUID behind, int limit) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    select * from alert
                    where (cast(:status as text) is null or status = :status)
                      and (cast(:severity as text) is null or severity = :severity)
                      and (cast(:target as text) is null or target = :target)
                      and (cast(:behind as uuid) is null or (raised_at, alert_id) <
                        (select raised_at, alert_id from alert where alert_id = cast(:behind as uuid)))
                    order by raised_at desc, alert_id desc
                    limit :limit
                    """)
                .bind("status", filter.status())
                .bind("severity", filter.severity())
                .bind("target", filter.target())
                .bind("behind", behind)
                .bind("limit", limit)
                .map((rs, ctx) -> alert(rs))
                .list());
  }

  /** All that are not resolved, the newest first. */
  public List<Alert> open() {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    select * from alert where status <> 'RESOLVED'
                    order by raised_at desc, alert_id
                    """)
                .map((rs, ctx) -> alert(rs))
                .list());
  }

  public Optional<Alert> find(UUID alertId) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery("select * from alert where alert_id = :id")
                .bind("id", alertId)
                .map((rs, ctx) -> alert(rs))
                .findOne());
  }

  /**
   * Acknowledges an alert.
   *
   * @return the alert, if it was neither acknowledged nor resolved
   */
  @Transactional(TxType.MANDATORY)
  Optional<Alert> acknowledge(UUID alertId, String by, String note) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    update alert set status = 'ACKNOWLEDGED', acknowledged_by = :by, note = :note,
                      acknowledged_at = date_trunc('milliseconds', now())
                    where alert_id = :id and status = 'RAISED'
                    returning *
                    """)
                .bind("id", alertId)
                .bind("by", by)
                .bind("note", note)
                .map((rs, ctx) -> alert(rs))
                .findOne());
  }

  @Transactional(TxType.MANDATORY)
  List<Alert> resolveOthers(AlertKind kind, Collection<String> presentCauses) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    update alert set status = 'RESOLVED',
                      resolved_at = date_trunc('milliseconds', now())
                    where kind = :kind and status <> 'RESOLVED'
                      and not deduplication_key = any(:causes)
                    returning *
                    """)
                .bind("kind", kind)
                .bindArray("causes", String.class, presentCauses)
                .map((rs, ctx) -> alert(rs))
                .list());
  }

  /**
   * A bad end of a run is settled by a later good one on the same target, a failed validation by a
   * later one that passed as well, a prediction that was off by a later one that was not, drift by
   * a later comparison that found none, and a dead letter by whoever acknowledged it.
   */
  @Transactional(TxType.MANDATORY)
  List<Alert> resolveSettled() {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    update alert a set status = 'RESOLVED',
                      resolved_at = date_trunc('milliseconds', now())
                    where status <> 'RESOLVED' and (
                      (kind = any(:byEvents) and exists (
                        select from run_picture r
                        where r.target = a.target and r.finished_at > a.raised_at
                          and (r.state = 'COMPLETED' and r.operation <> 'VALIDATE'
                            or r.state = 'ROLLED_BACK' and r.operation = 'ROLLBACK')))
                      or (kind = 'VALIDATION_FAILED' and exists (
                        select from validation_outcome v
                        where v.target = a.target and v.valid and v.completed_at > a.raised_at))
                      or (kind = 'PREDICTION_OFF' and exists (
                        select from run_picture r
                        where r.target = a.target and r.predicted and r.finished_at > a.raised_at
                          and not exists (select from alert o
                            where o.kind = a.kind and o.run_id = r.run_id)))
                      or (kind = 'DRIFT' and exists (
                        select from run_picture r
                        where r.target = a.target and not r.drifted
                          and r.started_at > a.raised_at))
                      or (kind = any(:byAcknowledging) and status = 'ACKNOWLEDGED'))
                    returning *
                    """)
                .bindArray("byEvents", String.class, ending(AlertKind.Ends.BY_EVENTS))
                .bindArray("byAcknowledging", String.class, ending(AlertKind.Ends.BY_ACKNOWLEDGING))
                .map((rs, ctx) -> alert(rs))
                .list());
  }

  private static List<String> ending(AlertKind.Ends ends) {
    return Arrays.stream(AlertKind.values())
        .filter(kind -> kind.ends() == ends)
        .map(Enum::name)
        .toList();
  }

  /** Open alerts that no silence covers any more. */
  @Transactional(TxType.MANDATORY)
  List<Alert> endSilences() {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    update alert a set silenced = false
                    where silenced and status <> 'RESOLVED' and not exists (
                      select from alert_silence s
                      where s.until > now() and (s.kind is null or s.kind = a.kind)
                        and (s.target is null or s.target = a.target))
                    returning *
                    """)
                .map((rs, ctx) -> alert(rs))
                .list());
  }

  private static Alert alert(ResultSet rs) throws SQLException {
    return new Alert(
        rs.getObject("alert_id", UUID.class),
        Severity.valueOf(rs.getString("severity")),
        AlertKind.valueOf(rs.getString("kind")),
        AlertRaised.Status.valueOf(rs.getString("status")),
        rs.getString("target"),
        rs.getObject("run_id", UUID.class),
        rs.getString("title"),
        rs.getString("detail"),
        rs.getString("deduplication_key"),
        instant(rs, "raised_at"),
        nullable(rs, "acknowledged_at"),
        rs.getString("acknowledged_by"),
        rs.getString("note"),
        nullable(rs, "resolved_at"),
        rs.getBoolean("silenced"));
  }

  private static Instant instant(ResultSet rs, String column) throws SQLException {
    return rs.getObject(column, OffsetDateTime.class).toInstant();
  }

  private static @Nullable Instant nullable(ResultSet rs, String column) throws SQLException {
    OffsetDateTime time = rs.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }
}

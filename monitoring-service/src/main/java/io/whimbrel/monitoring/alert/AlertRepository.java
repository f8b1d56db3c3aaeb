package io.whimbrel.monitoring.alert;

import io.whimbrel.event.AlertRaised;
import io.whimbrel.event.Severity;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
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
                        insert into alert (alert_id, severity, kind, status, target, run_id, title,
                          detail, deduplication_key, raised_at)
                        values (:alertId, :severity, :kind, :status, :target,
                          cast(:runId as uuid), :title, :detail, :deduplicationKey, :raisedAt)
                        on conflict do nothing
                        """)
                    .bindMethods(alert)
                    .execute())
        == 1;
  }

  /** The newest alerts first. */
  public List<Alert> newest(Filter filter, int limit) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    select * from alert
                    where (cast(:status as text) is null or status = :status)
                      and (cast(:severity as text) is null or severity = :severity)
                      and (cast(:target as text) is null or target = :target)
                    order by raised_at desc, alert_id
                    limit :limit
                    """)
                .bind("status", filter.status())
                .bind("severity", filter.severity())
                .bind("target", filter.target())
                .bind("limit", limit)
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
        rs.getObject("raised_at", OffsetDateTime.class).toInstant());
  }
}

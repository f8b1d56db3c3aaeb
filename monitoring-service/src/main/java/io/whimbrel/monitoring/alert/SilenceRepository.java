package io.whimbrel.monitoring.alert;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** The silences that last. */
@ApplicationScoped
public class SilenceRepository {
  private final Jdbi jdbi;

  SilenceRepository(DataSource dataSource) {
    this.jdbi = Jdbi.create(dataSource);
  }

  @Transactional
  public void insert(Silence silence) {
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate(
                    """
                    insert into alert_silence (silence_id, kind, target, until, note, created_by)
                    values (:silenceId, :kind, :target, :until, :note, :createdBy)
                    """)
                .bindMethods(silence)
                .execute());
  }

  /**
   * Ends a silence.
   *
   * @return false if there is none
   */
  @Transactional
  public boolean end(UUID silenceId) {
    return jdbi.withHandle(
            handle ->
                handle
                    .createUpdate(
                        "update alert_silence set until = now()"
                            + " where silence_id = :id and until > now()")
                    .bind("id", silenceId)
                    .execute())
        == 1;
  }

  public List<Silence> lasting() {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery("select * from alert_silence where until > now() order by until")
                .map((rs, ctx) -> silence(rs))
                .list());
  }

  boolean covers(AlertKind kind, @Nullable String target) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    select exists (select from alert_silence
                      where until > now() and (kind is null or kind = :kind)
                        and (target is null or target = :target))
                    """)
                .bind("kind", kind)
                .bind("target", target)
                .mapTo(Boolean.class)
                .one());
  }

  private static Silence silence(ResultSet rs) throws SQLException {
    String kind = rs.getString("kind");
    return new Silence(
        rs.getObject("silence_id", UUID.class),
        kind == null ? null : AlertKind.valueOf(kind),
        rs.getString("target"),
        rs.getObject("until", OffsetDateTime.class).toInstant(),
        rs.getString("note"),
        rs.getString("created_by"));
  }
}

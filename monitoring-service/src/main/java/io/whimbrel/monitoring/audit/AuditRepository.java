package io.whimbrel.monitoring.audit;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** The audit trail. Nothing in it is ever changed or removed. */
@ApplicationScoped
public class AuditRepository {
  private static final int CHUNK = 1_000;

  private final Jdbi jdbi;

  AuditRepository(DataSource dataSource) {
    this.jdbi = Jdbi.create(dataSource);
  }

  /**
   * Which entries to list; what is null does not restrict.
   *
   * @param before only entries of earlier positions
   */
  public record Filter(
      @Nullable String caller,
      @Nullable String subject,
      @Nullable String target,
      @Nullable Long before) {}

  /** The end of the trail, which nobody moves until the caller's transaction ends. */
  @Transactional(TxType.MANDATORY)
  Link.Head lockHead() {
    return head("select position, hash from audit_head for update");
  }

  Link.Head head() {
    return head("select position, hash from audit_head");
  }

  private Link.Head head(String sql) {
    return jdbi.withHandle(handle -> head(handle, sql));
  }

  static Link.Head head(Handle handle, String sql) {
    return handle
        .createQuery(sql)
        .map((rs, ctx) -> new Link.Head(rs.getLong("position"), hex(rs, "hash")))
        .one();
  }

  boolean entered(String cause) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery("select exists (select from audit_entry where cause = :cause)")
                .bind("cause", cause)
                .mapTo(Boolean.class)
                .one());
  }

  @Transactional(TxType.MANDATORY)
  void append(Link link) {
    jdbi.useHandle(
        handle -> {
          handle
              .createUpdate(
                  """
                  insert into audit_entry (position, at, caller, source, command, subject, target,
                    outcome, detail, cause, previous, hash)
                  values (:position, date_trunc('milliseconds', cast(:at as timestamptz)), :caller,
                    :source, :command, :subject, :target, :outcome, :detail, :cause,
                    decode(:previous, 'hex'), decode(:hash, 'hex'))
                  """)
              .bindMethods(link.entry())
              .bind("position", link.position())
              .bind("previous", link.previous())
              .bind("hash", link.hash())
              .execute();
          handle
              .createUpdate(
                  "update audit_head set position = :position, hash = decode(:hash, 'hex')")
              .bind("position", link.position())
              .bind("hash", link.hash())
              .execute();
        });
  }

  /** The newest entries first. */
  public List<Link> newest(Filter filter, int limit) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    select * from audit_entry
                    where (cast(:caller as text) is null or caller = :caller)
                      and (cast(:subject as text) is null or subject = :subject)
                      and (cast(:target as text) is null or target = :target)
                      and (cast(:before as bigint) is null or position < :before)
                    order by position desc limit :limit
                    """)
                .bindMethods(filter)
                .bind("limit", limit)
                .map((rs, ctx) -> link(rs))
                .list());
  }

  /** Reads the whole trail in its order, in constant memory. */
  @Transactional
  public <T> T read(Function<Iterator<Link>, T> reader) {
    return jdbi.withHandle(handle -> read(handle, reader));
  }

  static <T> T read(Handle handle, Function<Iterator<Link>, T> reader) {
    try (var links =
        handle
            .createQuery("select * from audit_entry order by position")
            .setFetchSize(CHUNK)
            .map((rs, ctx) -> link(rs))
            .iterator()) {
      return reader.apply(links);
    }
  }

  private static Link link(ResultSet rs) throws SQLException {
    return new Link(
        rs.getLong("position"),
        new AuditEntry(
            rs.getObject("at", OffsetDateTime.class).toInstant(),
            rs.getString("caller"),
            rs.getString("source"),
            rs.getString("command"),
            rs.getString("subject"),
            rs.getString("target"),
            rs.getString("outcome"),
            rs.getString("detail"),
            rs.getString("cause")),
        hex(rs, "previous"),
        hex(rs, "hash"));
  }

  private static String hex(ResultSet rs, String column) throws SQLException {
    return HexFormat.of().formatHex(rs.getBytes(column));
  }
}

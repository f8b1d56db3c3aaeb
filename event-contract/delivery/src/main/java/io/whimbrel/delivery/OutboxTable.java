package io.whimbrel.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.argument.Argument;
import org.jspecify.annotations.Nullable;

/** The rows of the outbox. */
final class OutboxTable {
  /** Held while publishing, so that one relay at a time keeps the order. */
  private static final long RELAY_LOCK = 0x77686d62_6f757462L;

  private final Jdbi jdbi;

  OutboxTable(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /** Never compared, so that the array does no harm. */
  @SuppressWarnings("ArrayRecordComponent")
  record Row(
      @Nullable String eventId,
      String topic,
      @Nullable String key,
      Map<String, byte[]> headers,
      byte @Nullable [] payload) {

    /** Where the event came about; null if in no trace. */
    @Nullable String trace() {
      byte[] trace = headers.get(Trace.ATTRIBUTE);
      return trace == null ? null : new String(trace, UTF_8);
    }
  }

  record Pending(long position, Instant since, Row row) {}

  /** Joins the transaction of the calling thread. */
  void insert(Row row) {
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate(
                    """
                    insert into outbox (event_id, topic, key, header_names, header_values, payload)
                    values (:eventId, :topic, :key, :names, :values, :payload)
                    on conflict (event_id) do nothing
                    """)
                .bind("eventId", row.eventId)
                .bind("topic", row.topic)
                .bind("key", row.key)
                .bindArray("names", String.class, row.headers.keySet())
                .bind("values", bytea(row.headers.values()))
                .bind("payload", row.payload)
                .execute());
  }

  private static Argument bytea(Collection<byte[]> values) {
    byte[][] array = values.toArray(new byte[0][]);
    return (position, statement, ctx) ->
        statement.setArray(position, statement.getConnection().createArrayOf("bytea", array));
  }

  static boolean lockRelay(Handle handle) {
    return handle
        .createQuery("select pg_try_advisory_xact_lock(:lock)")
        .bind("lock", RELAY_LOCK)
        .mapTo(Boolean.class)
        .one();
  }

  static List<Pending> unpublished(Handle handle, int limit) {
    return handle
        .createQuery(
            """
            select position, created_at, event_id, topic, key, header_names, header_values, payload
            from outbox where published_at is null and refused_at is null
            order by position limit :limit
            """)
        .bind("limit", limit)
        .map((rs, ctx) -> pending(rs))
        .list();
  }

  /** Since when the event waits that waits longest; empty if none does. */
  static Optional<Instant> waitingSince(Handle handle) {
    return handle
        .createQuery(
            """
            select created_at from outbox where published_at is null and refused_at is null
            order by position limit 1
            """)
        .map((rs, ctx) -> rs.getObject("created_at", OffsetDateTime.class).toInstant())
        .findOne();
  }

  private static Pending pending(ResultSet rs) throws SQLException {
    String[] names = (String[]) rs.getArray("header_names").getArray();
    byte[][] values = (byte[][]) rs.getArray("header_values").getArray();
    Map<String, byte[]> headers = new LinkedHashMap<>();
    for (int i = 0; i < names.length; i++) {
      headers.put(names[i], values[i]);
    }
    return new Pending(
        rs.getLong("position"),
        rs.getObject("created_at", OffsetDateTime.class).toInstant(),
        new Row(
            rs.getString("event_id"),
            rs.getString("topic"),
            rs.getString("key"),
            headers,
            rs.getBytes("payload")));
  }

  static void markPublished(Handle handle, List<Long> positions) {
    handle
        .createUpdate("update outbox set published_at = now() where position = any(:positions)")
        .bindArray("positions", Long.class, positions)
        .execute();
  }

  /** Sets an event aside that Kafka will never take, so that those behind it go on. */
  static void refuse(Handle handle, long position, String why) {
    handle
        .createUpdate(
            "update outbox set refused_at = now(), refusal = :why where position = :position")
        .bind("why", why)
        .bind("position", position)
        .execute();
  }

  void deletePublished(Duration olderThan) {
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate(
                    "delete from outbox where published_at < now() - make_interval(secs => :age)")
                .bind("age", (double) olderThan.toSeconds())
                .execute());
  }
}

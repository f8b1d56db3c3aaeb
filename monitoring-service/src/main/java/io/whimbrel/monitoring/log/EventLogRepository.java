package io.whimbrel.monitoring.log;

import io.whimbrel.monitoring.Columns;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.BiConsumer;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.Update;

/**
 * The log of all events. Nothing in it is ever changed; whole days are dropped when they are old.
 */
@ApplicationScoped
public class EventLogRepository {
  private static final int CHUNK = 1_000;

  /** Held shared while events are recorded, and alone while what follows from them is rebuilt. */
  private static final long RECORDING = 0x77686d62_6c6f6775L;

  private final Jdbi jdbi;

  EventLogRepository(DataSource dataSource) {
    this.jdbi = Jdbi.create(dataSource);
  }

  /** Makes the partitions of today and of the days ahead that are not there yet; today is UTC's. */
  @Transactional
  public void ensureDays(int ahead) {
    jdbi.useHandle(
        handle ->
            handle
                .createQuery(
                    """
                    select event_log_ensure((now() at time zone 'UTC')::date + day)
                    from generate_series(0, :ahead) day
                    """)
                .bind("ahead", ahead)
                .map((rs, ctx) -> true)
                .list());
  }

  /**
   * Begins to record in the caller's transaction: today's partition is there, and nobody rebuilds.
   *
   * @return the time under which the log keeps what is recorded
   */
  @Transactional(TxType.MANDATORY)
  public Instant begin() {
    ensureDays(0);
    return lock("pg_advisory_xact_lock_shared");
  }

  /** Keeps everybody from recording until the caller's transaction ends. */
  @Transactional(TxType.MANDATORY)
  public void stopRecording() {
    lock("pg_advisory_xact_lock");
  }

  private Instant lock(String function) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery("select now() as now from " + function + "(:lock)")
                .bind("lock", RECORDING)
                .map((rs, ctx) -> instant(rs, "now"))
                .one());
  }

  /** Appends events of a topic. */
  @Transactional(TxType.MANDATORY)
  public void append(String topic, List<LogEntry> entries) {
    if (entries.isEmpty()) {
      return;
    }
    jdbi.useHandle(
        handle -> {
          Update append =
              handle.createUpdate(
                  """
                  insert into event_log (topic, kafka_partition, kafka_offset, event_id, source,
                    run_id, target, occurred_at, payload)
                  select :topic, part::integer, place::bigint, id, source, run::uuid, target,
                    at::timestamptz, payload::json
                  from unnest(:part, :place, :id, :source, :run, :target, :at, :payload)
                    as entry (part, place, id, source, run, target, at, payload)
                  """);
          append.bind("topic", topic);
          Columns.bind(append, "part", entries, LogEntry::partition);
          Columns.bind(append, "place", entries, LogEntry::offset);
          Columns.bind(append, "id", entries, LogEntry::eventId);
          Columns.bind(append, "source", entries, LogEntry::source);
          Columns.bind(append, "run", entries, LogEntry::runId);
          Columns.bind(append, "target", entries, LogEntry::target);
          Columns.bind(append, "at", entries, LogEntry::occurredAt);
          Columns.bind(append, "payload", entries, LogEntry::payload);
          append.execute();
          handle
              .createUpdate(
                  """
                  insert into event_count (topic, events) values (:topic, :events)
                  on conflict (topic) do update set events = event_count.events + excluded.events
                  """)
              .bind("topic", topic)
              .bind("events", entries.size())
              .execute();
        });
  }

  /**
   * From when on the log has every event of the runs that are remembered. Days before can be there
   * as well, kept for the sake of single runs, while others of these days are forgotten.
   */
  public Instant completeFrom() {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    select coalesce(
                      greatest((select min(recorded_at) from event_log),
                        date_trunc('day', nullif(until, '-infinity'), 'UTC')), now()) as complete
                    from cleaned
                    """)
                .map((rs, ctx) -> instant(rs, "complete"))
                .one());
  }

  /**
   * Reads the log from a time on in its order, some events at a time, those of one transaction
   * together where they fit; in constant memory within the caller's transaction.
   *
   * @param reader takes events and the time at which they were logged
   */
  @Transactional(TxType.MANDATORY)
  public void read(Instant from, BiConsumer<List<LogEntry>, Instant> reader) {
    jdbi.useHandle(
        handle -> {
          try (var entries =
              handle
                  .createQuery(
                      "select * from event_log where recorded_at >= :from"
                          + " order by recorded_at, position")
                  .bind("from", from)
                  .setFetchSize(CHUNK)
                  .map((rs, ctx) -> new Logged(entry(rs), instant(rs, "recorded_at")))
                  .iterator()) {
            Chunk chunk = new Chunk(reader);
            entries.forEachRemaining(chunk::take);
            chunk.pass();
          }
        });
  }

  /**
   * The events of a run on a topic, in the order of the log.
   *
   * @param from when the first of them was logged; other days of the log are not looked at
   * @param to when the last of them was
   */
  public List<LogEntry> ofRun(UUID runId, String topic, Instant from, Instant to) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    select * from event_log where run_id = :runId and topic = :topic
                      and recorded_at between :from and :to
                    order by position
                    """)
                .bind("runId", runId)
                .bind("topic", topic)
                .bind("from", from)
                .bind("to", to)
                .map((rs, ctx) -> entry(rs))
                .list());
  }

  private record Logged(LogEntry entry, Instant at) {}

  private static final class Chunk {
    private final BiConsumer<List<LogEntry>, Instant> reader;
    private final List<LogEntry> entries = new ArrayList<>(CHUNK);
    private Instant at = Instant.MIN;

    Chunk(BiConsumer<List<LogEntry>, Instant> reader) {
      this.reader = reader;
    }

    void take(Logged logged) {
      if (!logged.at.equals(at) || entries.size() == CHUNK) {
        pass();
        at = logged.at;
      }
      entries.add(logged.entry);
    }

    void pass() {
      if (!entries.isEmpty()) {
        reader.accept(List.copyOf(entries), at);
        entries.clear();
      }
    }
  }

  private static LogEntry entry(ResultSet rs) throws SQLException {
    return new LogEntry(
        rs.getString("topic"),
        rs.getInt("kafka_partition"),
        rs.getLong("kafka_offset"),
        rs.getString("event_id"),
        rs.getString("source"),
        rs.getObject("run_id", UUID.class),
        rs.getString("target"),
        instant(rs, "occurred_at"),
        rs.getString("payload"));
  }

  private static Instant instant(ResultSet rs, String column) throws SQLException {
    return rs.getObject(column, OffsetDateTime.class).toInstant();
  }
}

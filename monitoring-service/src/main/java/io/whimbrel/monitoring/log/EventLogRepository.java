package io.whimbrel.monitoring.log;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;

/**
 * The log of all events. Nothing in it is ever changed; whole days are dropped when they are old.
 */
@ApplicationScoped
public class EventLogRepository {
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

  /** Appends an event; its day must be there. */
  @Transactional(TxType.MANDATORY)
  public void append(LogEntry entry) {
    jdbi.useHandle(
        handle -> {
          handle
              .createUpdate(
                  """
                  insert into event_log (topic, kafka_partition, kafka_offset, event_id, source,
                    run_id, target, occurred_at, payload)
                  values (:topic, :partition, :offset, :eventId, :source,
                    cast(:runId as uuid), :target, :occurredAt, cast(:payload as json))
                  """)
              .bindMethods(entry)
              .execute();
          handle
              .createUpdate(
                  """
                  insert into event_count (topic, events) values (:topic, 1)
                  on conflict (topic) do update set events = event_count.events + 1
                  """)
              .bind("topic", entry.topic())
              .execute();
        });
  }
}

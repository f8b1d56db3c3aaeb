package io.whimbrel.delivery;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.util.Collection;
import java.util.Set;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;

/** Which events have had their effect. */
@ApplicationScoped
public class Inbox {
  private final Jdbi jdbi;

  Inbox(DataSource dataSource) {
    this.jdbi = Jdbi.create(dataSource);
  }

  /**
   * Notes an event in the caller's transaction.
   *
   * @return true the first time; false if it has had its effect already
   */
  @Transactional(TxType.MANDATORY)
  public boolean first(String topic, String eventId) {
    return jdbi.withHandle(
            handle ->
                handle
                    .createUpdate(
                        "insert into inbox (topic, event_id) values (:topic, :id)"
                            + " on conflict do nothing")
                    .bind("topic", topic)
                    .bind("id", eventId)
                    .execute())
        == 1;
  }

  /**
   * Notes many events of a topic in the caller's transaction.
   *
   * @return the ids of those that have had no effect yet
   */
  @Transactional(TxType.MANDATORY)
  public Set<String> first(String topic, Collection<String> eventIds) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    insert into inbox (topic, event_id)
                    select :topic, id from (select distinct unnest(:ids) as id) ids order by id
                    on conflict do nothing
                    returning event_id
                    """)
                .bind("topic", topic)
                .bindArray("ids", String.class, eventIds)
                .mapTo(String.class)
                .set());
  }
}

package io.whimbrel.delivery;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
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
}

package io.whimbrel.monitoring.messaging;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;

/** Which records were laid aside, for the figures. */
@ApplicationScoped
class DeadLetterRepository {
  private final Jdbi jdbi;

  DeadLetterRepository(DataSource dataSource) {
    this.jdbi = Jdbi.create(dataSource);
  }

  @Transactional(TxType.MANDATORY)
  public void insert(String topic, int partition, long offset, String reason) {
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate(
                    """
                    with letter as (
                      insert into dead_letter (topic, kafka_partition, kafka_offset, reason)
                      values (:topic, :partition, :offset, :reason)
                      on conflict do nothing
                      returning topic)
                    insert into dead_letter_count as c (topic, letters) select topic, 1 from letter
                    on conflict (topic) do update set letters = c.letters + 1
                    """)
                .bind("topic", topic)
                .bind("partition", partition)
                .bind("offset", offset)
                .bind("reason", reason)
                .execute());
  }
}

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
                    insert into dead_letter (topic, kafka_partition, kafka_offset, reason)
                    values (:topic, :partition, :offset, :reason)
                    on conflict do nothing
                    """)
                .bind("topic", topic)
                .bind("partition", partition)
                .bind("offset", offset)
                .bind("reason", reason)
                .execute());
  }
}

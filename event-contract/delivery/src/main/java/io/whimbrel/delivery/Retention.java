package io.whimbrel.delivery;

import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.enterprise.context.ApplicationScoped;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;

/** Forgets published and received events after their time. */
@ApplicationScoped
class Retention {
  private final Jdbi jdbi;
  private final DeliveryConfig config;

  Retention(DataSource dataSource, DeliveryConfig config) {
    this.jdbi = Jdbi.create(dataSource);
    this.config = config;
  }

  @Scheduled(every = "1h", delayed = "1m", concurrentExecution = ConcurrentExecution.SKIP)
  void forget() {
    new OutboxTable(jdbi).deletePublished(config.outboxRetention());
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate(
                    "delete from inbox where received_at < now() - make_interval(secs => :age)")
                .bind("age", (double) config.inboxRetention().toSeconds())
                .execute());
  }
}

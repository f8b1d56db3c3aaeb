package io.whimbrel.monitoring.sink;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** What sinks have to be told. */
@ApplicationScoped
class DeliveryRepository {
  private final Jdbi jdbi;

  DeliveryRepository(DataSource dataSource) {
    this.jdbi = Jdbi.create(dataSource);
  }

  /**
   * Something to tell.
   *
   * @param attempts with the one that is being made
   */
  record Delivery(UUID eventId, String sink, String payload, int attempts) {}

  @Transactional(TxType.MANDATORY)
  public void insert(UUID eventId, String sink, UUID alertId, String payload) {
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate(
                    """
                    insert into alert_delivery (event_id, sink, alert_id, payload)
                    values (:eventId, :sink, :alertId, :payload) on conflict do nothing
                    """)
                .bind("eventId", eventId)
                .bind("sink", sink)
                .bind("alertId", alertId)
                .bind("payload", payload)
                .execute());
  }

  /** Takes what is due, the oldest first, for as long as the lease lasts. */
  Optional<Delivery> claim(Collection<String> sinks, Duration lease) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    update alert_delivery d set attempts = attempts + 1,
                      next_at = now() + make_interval(secs => :lease)
                    where (event_id, sink) in (
                      select event_id, sink from alert_delivery
                      where delivered_at is null and given_up_at is null and next_at <= now()
                        and sink = any(:sinks)
                      order by next_at limit 1 for update skip locked)
                    returning event_id, sink, payload, attempts
                    """)
                .bind("lease", lease.toMillis() / 1000.0)
                .bindArray("sinks", String.class, sinks)
                .map((rs, ctx) -> delivery(rs))
                .findOne());
  }

  private static Delivery delivery(ResultSet rs) throws SQLException {
    return new Delivery(
        rs.getObject("event_id", UUID.class),
        rs.getString("sink"),
        rs.getString("payload"),
        rs.getInt("attempts"));
  }

  void delivered(Delivery delivery) {
    update(delivery, "delivered_at = now()", null);
  }

  void failed(Delivery delivery, String why, Duration pause) {
    update(
        delivery,
        "next_at = now() + interval '1 millisecond' * %d".formatted(pause.toMillis()),
        why);
  }

  void givenUp(Delivery delivery, String why) {
    update(delivery, "given_up_at = now()", why);
  }

  private void update(Delivery delivery, String what, @Nullable String why) {
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate(
                    "update alert_delivery set last_error = :why, "
                        + what
                        + " where event_id = :eventId and sink = :sink")
                .bind("eventId", delivery.eventId())
                .bind("sink", delivery.sink())
                .bind("why", why)
                .execute());
  }
}

package io.whimbrel.monitoring.sink;

import io.whimbrel.event.AlertRaised;
import java.util.UUID;

/**
 * Someone who is told of alerts. Any bean of this type is told; what it is told may come again,
 * with the same id.
 */
public interface AlertSink {

  /** Names the sink in the table of deliveries and in metrics; never changes. */
  String name();

  /** Whether it is configured. What is raised while it is not is never told. */
  boolean enabled();

  /**
   * Tells what happened to an alert, within seconds.
   *
   * @param eventId the same however often it is told
   * @throws NotDelivered if it has to be told again
   */
  void tell(UUID eventId, AlertRaised alert) throws NotDelivered;

  /** The message says why, without secrets. */
  final class NotDelivered extends Exception {
    public NotDelivered(String why) {
      super(why);
    }
  }
}

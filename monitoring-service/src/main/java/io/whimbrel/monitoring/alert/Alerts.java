package io.whimbrel.monitoring.alert;

import io.whimbrel.delivery.Outbox;
import io.whimbrel.event.Event;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.time.Instant;
import org.jboss.logging.Logger;

/**
 * The one door by which alerts are raised. The alert's row and its event are written in the
 * caller's transaction, so that there are both or none.
 */
@ApplicationScoped
public class Alerts {
  private static final Logger LOG = Logger.getLogger(Alerts.class);

  private final AlertRepository alerts;
  private final Outbox outbox;

  Alerts(AlertRepository alerts, Outbox outbox) {
    this.alerts = alerts;
    this.outbox = outbox;
  }

  /** Raises what the rules see in an event. */
  @Transactional(TxType.MANDATORY)
  public void examine(Event event, Instant time) {
    AlertRule.ALL.forEach(rule -> rule.examine(event, time).ifPresent(this::raise));
  }

  /** Raises an alert, unless its cause has one. */
  @Transactional(TxType.MANDATORY)
  public void raise(Alert alert) {
    if (alerts.insert(alert)) {
      outbox.append(alert.eventId(), alert.event());
      LOG.infof("Alert %s (%s): %s", alert.kind(), alert.severity(), alert.title());
    }
  }
}

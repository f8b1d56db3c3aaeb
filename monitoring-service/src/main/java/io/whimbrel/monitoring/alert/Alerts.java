package io.whimbrel.monitoring.alert;

import io.whimbrel.delivery.Outbox;
import io.whimbrel.event.Event;
import io.whimbrel.monitoring.sink.Deliveries;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * The one door by which alerts change. The alert's row, its event and what sinks have to be told
 * are written in the caller's transaction, so that there are all or none.
 */
@ApplicationScoped
public class Alerts {
  private static final Logger LOG = Logger.getLogger(Alerts.class);

  private final AlertRepository alerts;
  private final SilenceRepository silences;
  private final Thresholds thresholds;
  private final Outbox outbox;
  private final Deliveries deliveries;
  private final List<AlertRule> rules;

  Alerts(
      AlertRepository alerts,
      SilenceRepository silences,
      Thresholds thresholds,
      Outbox outbox,
      Deliveries deliveries) {
    this.alerts = alerts;
    this.silences = silences;
    this.thresholds = thresholds;
    this.outbox = outbox;
    this.deliveries = deliveries;
    this.rules = AlertRule.all(thresholds);
  }

  /** Raises what the rules see in an event. */
  @Transactional(TxType.MANDATORY)
  public void examine(Event event, Instant time) {
    rules.forEach(rule -> rule.examine(event, time).ifPresent(this::raise));
  }

  /** Raises an alert, unless its cause has one, or nobody wants to know of such. */
  @Transactional(TxType.MANDATORY)
  public void raise(Alert alert) {
    if (!thresholds.wanted(alert.kind(), alert.target())) {
      return;
    }
    Alert raised = alert.silenced(silences.covers(alert.kind(), alert.target()));
    if (alerts.insert(raised)) {
      announce(raised);
    }
  }

  /**
   * Someone says that they look after an alert. Twice is the same; a resolved one stays resolved.
   *
   * @return the alert as it is now; empty if there is none
   */
  @Transactional
  public Optional<Alert> acknowledge(UUID alertId, String by, String note) {
    Optional<Alert> acknowledged = alerts.acknowledge(alertId, by, note);
    acknowledged.ifPresent(this::announce);
    return acknowledged.or(() -> alerts.find(alertId));
  }

  /** Resolves the alerts of a condition whose causes are not present any more. */
  @Transactional
  public void resolveOthers(AlertKind kind, Collection<String> presentCauses) {
    alerts.resolveOthers(kind, presentCauses).forEach(this::announce);
  }

  /** Resolves alerts that later events, or an acknowledgement, have settled. */
  @Transactional
  public void resolveSettled() {
    alerts.resolveSettled().forEach(this::announce);
  }

  /** Tells of open alerts whose silence is over. */
  @Transactional
  public void endSilences() {
    List<Alert> heard = alerts.endSilences();
    heard.forEach(alert -> deliveries.tell(alert.eventId(), alert.event()));
  }

  private void announce(Alert alert) {
    outbox.append(alert.eventId(), alert.event());
    if (!alert.silenced()) {
      deliveries.tell(alert.eventId(), alert.event());
    }
    LOG.infof(
        "Alert %s (%s) is %s: %s", alert.kind(), alert.severity(), alert.status(), alert.title());
  }
}

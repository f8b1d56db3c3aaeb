package io.whimbrel.monitoring.sink;

import io.quarkus.mailer.Mail;
import io.quarkus.mailer.Mailer;
import io.whimbrel.event.AlertRaised;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.StringJoiner;
import java.util.UUID;

/** Mails alerts as plain text. */
@ApplicationScoped
class EMail implements AlertSink {
  private final Mailer mailer;
  private final List<String> to;

  EMail(Mailer mailer, SinkConfig config) {
    this.mailer = mailer;
    this.to = config.mail().to().orElse(List.of());
  }

  @Override
  public String name() {
    return "mail";
  }

  @Override
  public boolean enabled() {
    return !to.isEmpty();
  }

  @Override
  public void tell(UUID eventId, AlertRaised alert) throws NotDelivered {
    Mail mail =
        new Mail()
            .setTo(to)
            .setSubject("[%s] %s: %s".formatted(alert.severity(), word(alert), alert.title()))
            .setText(text(alert))
            .addHeader("X-Whimbrel-Delivery", eventId.toString());
    try {
      mailer.send(mail);
    } catch (RuntimeException e) {
      throw new NotDelivered(
          "the mail server did not take it (" + e.getClass().getSimpleName() + ")");
    }
  }

  private static String word(AlertRaised alert) {
    return switch (alert.status()) {
      case RAISED -> "Raised";
      case ACKNOWLEDGED -> "Acknowledged";
      case RESOLVED -> "Resolved";
    };
  }

  private static String text(AlertRaised alert) {
    StringJoiner text = new StringJoiner("\n");
    text.add(alert.detail()).add("");
    text.add("Kind:   " + alert.kind());
    text.add("Target: " + (alert.target() == null ? "none" : alert.target()));
    text.add("Run:    " + (alert.runId() == null ? "none" : alert.runId()));
    text.add("At:     " + alert.at());
    if (alert.by() != null) {
      text.add("By:     " + alert.by());
    }
    if (alert.note() != null) {
      text.add("Note:   " + alert.note());
    }
    return text.add("Alert:  " + alert.alertId()).toString();
  }
}

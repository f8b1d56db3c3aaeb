package io.whimbrel.monitoring.watch;

import io.whimbrel.event.Severity;
import io.whimbrel.monitoring.alert.Alert;
import io.whimbrel.monitoring.alert.AlertKind;
import io.whimbrel.monitoring.alert.Thresholds;
import io.whimbrel.monitoring.health.KafkaProbe;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;

/** Services that are behind with what Kafka has for them. */
@ApplicationScoped
class LaggingConsumers implements Condition {
  private final KafkaProbe kafka;
  private final Thresholds thresholds;

  LaggingConsumers(KafkaProbe kafka, Thresholds thresholds) {
    this.kafka = kafka;
    this.thresholds = thresholds;
  }

  @Override
  public AlertKind kind() {
    return AlertKind.CONSUMER_LAG;
  }

  @Override
  public List<Alert> present(Instant now) {
    return kafka.view().lag().entrySet().stream()
        .filter(entry -> entry.getValue() > thresholds.consumerLag())
        .map(entry -> alert(entry.getKey(), entry.getValue(), now))
        .toList();
  }

  private static Alert alert(String group, long lag, Instant now) {
    return Alert.ofCondition(
        AlertKind.CONSUMER_LAG,
        Severity.WARNING,
        null,
        null,
        group + " is behind",
        "It has yet to take %d records from Kafka. See whether it runs, and whether its database answers; nothing is lost while the topics keep the records."
            .formatted(lag),
        "consumer-lag:" + group,
        now);
  }
}

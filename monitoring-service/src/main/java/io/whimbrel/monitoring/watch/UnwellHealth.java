package io.whimbrel.monitoring.watch;

import io.whimbrel.event.Severity;
import io.whimbrel.monitoring.alert.Alert;
import io.whimbrel.monitoring.alert.AlertKind;
import io.whimbrel.monitoring.health.Health;
import io.whimbrel.monitoring.health.HealthChecks;
import io.whimbrel.monitoring.health.HealthStatus;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;

/** Checks of the health that are not well. */
@ApplicationScoped
class UnwellHealth implements Condition {
  private final HealthChecks health;

  UnwellHealth(HealthChecks health) {
    this.health = health;
  }

  @Override
  public AlertKind kind() {
    return AlertKind.HEALTH_CHANGED;
  }

  @Override
  public List<Alert> present(Instant now) {
    return health.latest().checks().entrySet().stream()
        .filter(entry -> entry.getValue().status() != HealthStatus.HEALTHY)
        .map(entry -> alert(entry.getKey(), entry.getValue(), now))
        .toList();
  }

  private static Alert alert(String check, Health.Check found, Instant now) {
    return Alert.ofCondition(
        AlertKind.HEALTH_CHANGED,
        found.status() == HealthStatus.UNHEALTHY ? Severity.ERROR : Severity.WARNING,
        null,
        null,
        "The check %s is %s".formatted(check, found.status().word()),
        found.recommendation() == null
            ? found.reason()
            : found.reason() + " " + found.recommendation(),
        "health:" + check + ":" + found.status().word(),
        now);
  }
}

package io.whimbrel.monitoring.health;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;

/** Shows Prometheus what was seen last. */
@ApplicationScoped
class HealthMeters {
  private final MultiGauge checks;
  private final MultiGauge lag;

  HealthMeters(MeterRegistry registry) {
    this.checks =
        MultiGauge.builder("whimbrel.health")
            .description("0 healthy, 1 degraded, 2 unhealthy")
            .register(registry);
    this.lag =
        MultiGauge.builder("whimbrel.consumer.lag")
            .description("Records that a service has yet to take from Kafka")
            .register(registry);
  }

  void show(Health health, Map<String, Long> lagOfGroups) {
    checks.register(
        health.checks().entrySet().stream()
            .<Row<?>>map(
                check ->
                    Row.of(Tags.of("check", check.getKey()), check.getValue().status().level()))
            .toList(),
        true);
    lag.register(
        lagOfGroups.entrySet().stream()
            .<Row<?>>map(group -> Row.of(Tags.of("group", group.getKey()), group.getValue()))
            .toList(),
        true);
  }
}

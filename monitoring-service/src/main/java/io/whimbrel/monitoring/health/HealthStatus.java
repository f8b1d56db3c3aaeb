package io.whimbrel.monitoring.health;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** How well something is, the best first. */
public enum HealthStatus {
  HEALTHY(0),
  DEGRADED(1),
  UNHEALTHY(2);

  private final int level;

  HealthStatus(int level) {
    this.level = level;
  }

  /** As Prometheus sees it: the worse, the higher. */
  int level() {
    return level;
  }

  @JsonValue
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  HealthStatus orWorse(HealthStatus other) {
    return compareTo(other) >= 0 ? this : other;
  }
}

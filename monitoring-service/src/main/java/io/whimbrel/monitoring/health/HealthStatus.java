package io.whimbrel.monitoring.health;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** How well something is, the best first. */
public enum HealthStatus {
  HEALTHY,
  DEGRADED,
  UNHEALTHY;

  @JsonValue
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  HealthStatus orWorse(HealthStatus other) {
    return compareTo(other) >= 0 ? this : other;
  }
}

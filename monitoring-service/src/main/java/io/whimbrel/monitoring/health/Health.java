package io.whimbrel.monitoring.health;

import java.time.Instant;
import java.util.Map;

/**
 * How well migrations are.
 *
 * @param status that of the worst check
 */
public record Health(HealthStatus status, Instant checkedAt, Map<String, Check> checks) {

  /**
   * How well one thing is.
   *
   * @param reason one sentence
   * @param since when the status became what it is
   */
  public record Check(HealthStatus status, String reason, Instant since) {}
}

package io.whimbrel.monitoring.health;

import org.jspecify.annotations.Nullable;

/**
 * What a check says now.
 *
 * @param threshold by what it is judged
 * @param recommendation what to do, when it is not healthy
 */
record Verdict(
    String check,
    HealthStatus status,
    String reason,
    @Nullable String threshold,
    @Nullable String recommendation) {

  static Verdict healthy(String check, String reason) {
    return new Verdict(check, HealthStatus.HEALTHY, reason, null, null);
  }

  Verdict judgedBy(String by) {
    return new Verdict(check, status, reason, by, recommendation);
  }

  /** With what to do, unless there is nothing to do. */
  Verdict advising(String recommended) {
    return status == HealthStatus.HEALTHY
        ? this
        : new Verdict(check, status, reason, threshold, recommended);
  }
}

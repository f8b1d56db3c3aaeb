package io.whimbrel.monitoring.health;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

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
   * @param threshold by what it is judged
   * @param recommendation what to do; absent while it is healthy
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Check(
      HealthStatus status,
      String reason,
      Instant since,
      @Nullable String threshold,
      @Nullable String recommendation) {}
}

package io.whimbrel.executor.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How changes were taken back so far.
 *
 * @param succeeded that ended in ROLLED_BACK
 * @param failed that ended in ROLLBACK_FAILED, those included that stopped for a person to decide
 * @param successRate from 0 to 1; null without any
 * @param strategies how many went which way: UNDO, RESTORE, NOTHING, STOP
 * @param causes why they began: REQUESTED, SCRIPT_FAILED or VALIDATION_FAILED
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RollbackStatistics(
    long total,
    long succeeded,
    long failed,
    @Nullable Double successRate,
    Map<String, Long> strategies,
    Map<String, Long> causes,
    Durations durationMs) {

  public RollbackStatistics {
    strategies = Map.copyOf(strategies);
    causes = Map.copyOf(causes);
  }

  /** Of the step that takes back, in milliseconds; null without any. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Durations(@Nullable Double average, @Nullable Double p95, @Nullable Double max) {}
}

package io.whimbrel.monitoring.performance;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.whimbrel.event.Operation;
import io.whimbrel.event.RunStateName;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How a run went, beside those before it.
 *
 * @param durationMs milliseconds from its first step to its end
 * @param phases milliseconds spent validating, backing up, applying, verifying, rolling back
 * @param rows that its batches were through with
 * @param usualMs the median of up to 20 completed runs of its kind before it; absent with fewer
 *     than three
 * @param timesUsual its duration as a multiple of that
 * @param regression whether it took at least half as long again, and a second more
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RunPerformance(
    UUID runId,
    String target,
    Operation operation,
    RunStateName state,
    @Nullable Instant startedAt,
    @Nullable Instant finishedAt,
    @Nullable Long durationMs,
    Map<String, Long> phases,
    @Nullable Long rows,
    @Nullable String sqlState,
    @Nullable Long usualMs,
    @Nullable Double timesUsual,
    boolean regression) {
  private static final double WORSE = 1.5;
  private static final long NOTICEABLE_MS = 1_000;

  static boolean regression(@Nullable Long durationMs, @Nullable Long usualMs) {
    return durationMs != null
        && usualMs != null
        && durationMs >= usualMs * WORSE
        && durationMs - usualMs >= NOTICEABLE_MS;
  }

  static @Nullable Double times(@Nullable Long durationMs, @Nullable Long usualMs) {
    return durationMs == null || usualMs == null || usualMs == 0
        ? null
        : Math.round(100.0 * durationMs / usualMs) / 100.0;
  }
}

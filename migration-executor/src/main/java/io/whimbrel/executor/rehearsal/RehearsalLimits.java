package io.whimbrel.executor.rehearsal;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * When a rehearsal ends before its scripts do.
 *
 * @param statement how long one statement may take
 * @param total how long all of it may take
 * @param wanted asked now and then, about once a second, in another thread
 */
public record RehearsalLimits(Duration statement, Duration total, BooleanSupplier wanted) {
  public static final RehearsalLimits DEFAULT =
      new RehearsalLimits(Duration.ofSeconds(30), Duration.ofMinutes(5), () -> true);
}

package io.whimbrel.executor.apply;

import java.time.Duration;

/**
 * How patient the engine is; what may hold up others is the target's policy instead.
 *
 * @param lockBudget how long a script, or a batch, is tried again after its lock did not come
 * @param batchTime what a batch of adaptive size should take
 */
public record ApplySettings(Duration lockBudget, Duration batchTime) {

  public static final ApplySettings DEFAULT =
      new ApplySettings(Duration.ofMinutes(1), Duration.ofMillis(100));
}

package io.whimbrel.executor.apply;

import java.time.Duration;

/**
 * How the engine works; what may hold up others is the target's policy instead.
 *
 * @param batchTime what a batch of adaptive size should take
 */
public record ApplySettings(Duration batchTime) {

  public static final ApplySettings DEFAULT = new ApplySettings(Duration.ofMillis(100));
}

package io.whimbrel.executor.step;

import io.whimbrel.executor.run.Claim;
import io.whimbrel.executor.run.RunLifecycle;
import io.whimbrel.executor.run.RunProgress;
import java.time.Duration;

/**
 * Passes progress on, at most so often; may be told from several threads. What it throws when the
 * claim is stale ends the work that it reports on.
 */
final class ProgressReporter {
  private final RunLifecycle lifecycle;
  private final Claim claim;
  private final long intervalNanos;
  private long last;

  ProgressReporter(RunLifecycle lifecycle, Claim claim, Duration interval) {
    this.lifecycle = lifecycle;
    this.claim = claim;
    this.intervalNanos = interval.toNanos();
    // The state in which the work begins has just been said.
    this.last = System.nanoTime();
  }

  /** Says this unless something was said a moment ago. */
  synchronized void perhaps(RunProgress progress) {
    if (System.nanoTime() - last >= intervalNanos) {
      say(progress);
    }
  }

  /** Says this in any case. */
  synchronized void say(RunProgress progress) {
    lifecycle.progress(claim, progress);
    last = System.nanoTime();
  }
}

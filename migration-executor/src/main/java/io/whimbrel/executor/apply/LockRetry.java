package io.whimbrel.executor.apply;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How long one attempt waits for a lock, and how long to pause before the next. The first attempts
 * wait for a part of the lock timeout only, as most locks are free at once and everyone else queues
 * behind a waiting one; none ever waits longer than that.
 */
final class LockRetry {

  private static final Duration SHORTEST = Duration.ofMillis(50);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  private final Duration lockTimeout;
  private final long deadline;
  private int attempt = 1;

  LockRetry(Duration lockTimeout, Duration budget) {
    this.lockTimeout = lockTimeout;
    this.deadline = System.nanoTime() + budget.toNanos();
  }

  int attempt() {
    return attempt;
  }

  /** A quarter of the lock timeout, half of it, and then all of it. */
  Duration timeout() {
    Duration part = attempt < 3 ? lockTimeout.dividedBy(attempt == 1 ? 4 : 2) : lockTimeout;
    Duration least = lockTimeout.compareTo(SHORTEST) < 0 ? lockTimeout : SHORTEST;
    return part.compareTo(least) < 0 ? least : part;
  }

  /** Whether the budget has room for another attempt, which is then the present one. */
  boolean another() {
    if (System.nanoTime() >= deadline) {
      return false;
    }
    attempt++;
    return true;
  }

  /** Doubling, with jitter, never beyond the budget. */
  Duration pause() {
    long longest = Math.min(100L << Math.min(attempt, 10), LONGEST_PAUSE.toMillis());
    long jittered = longest / 2 + ThreadLocalRandom.current().nextLong(longest / 2 + 1);
    long left = Math.max(0, (deadline - System.nanoTime()) / 1_000_000);
    return Duration.ofMillis(Math.min(jittered, left));
  }
}

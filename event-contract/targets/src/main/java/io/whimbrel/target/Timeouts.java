package io.whimbrel.target;

import java.time.Duration;

/**
 * How long a script may wait and work on a target.
 *
 * @param lock how long a statement may wait for a lock, and so how long it may hold up others;
 *     positive
 * @param lockBudget how long a script is tried again after a lock did not come; zero is never
 * @param statement how long a statement may take; zero is no limit
 * @param idle how long a script's transaction may do nothing before the server ends it, as its
 *     owner is then frozen or gone; positive
 */
public record Timeouts(Duration lock, Duration lockBudget, Duration statement, Duration idle) {

  public static final Timeouts DEFAULT =
      new Timeouts(
          Duration.ofSeconds(3), Duration.ofMinutes(1), Duration.ZERO, Duration.ofSeconds(90));
}

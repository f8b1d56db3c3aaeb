package io.whimbrel.executor.reversal;

import java.time.Duration;

/**
 * How much a look for ways back may cost; what does not fit is not looked at, and says so.
 *
 * @param time from its begin, the making of the scratch database included
 * @param rows generated rows for each table; with 0, only structure is tried
 */
public record Budget(Duration time, int rows) {

  public static final Budget DEFAULT = new Budget(Duration.ofSeconds(60), 24);
}

package io.whimbrel.target;

import java.time.Duration;

/**
 * What the owner of a target asks of every run on it.
 *
 * @param requireProvenRollback refuse a run without a way back that was proved in a rehearsal
 * @param refuseRisk refuse a run whose risk is this or higher: {@code low}, {@code medium}, {@code
 *     high}; {@code none} refuses nothing
 * @param lockTimeout how long a statement may wait for a lock, and so how long it may hold up
 *     others; positive
 * @param statementTimeout how long a statement may take; zero is no limit
 */
public record Policy(
    boolean requireProvenRollback,
    String refuseRisk,
    Duration lockTimeout,
    Duration statementTimeout) {

  public static final Policy DEFAULT =
      new Policy(false, "none", Duration.ofSeconds(3), Duration.ZERO);
}

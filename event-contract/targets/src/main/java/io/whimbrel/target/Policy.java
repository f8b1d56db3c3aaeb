package io.whimbrel.target;

/**
 * What the owner of a target asks of every run on it.
 *
 * @param requireProvenRollback refuse a run without a way back that was proved in a rehearsal
 * @param refuseRisk refuse a run whose risk is this or higher: {@code low}, {@code medium}, {@code
 *     high}; {@code none} refuses nothing
 * @param timeouts how long a script may wait and work, if it does not say so itself
 * @param throttle when a data migration in batches waits for the server, if its script does not say
 *     so itself
 */
public record Policy(
    boolean requireProvenRollback, String refuseRisk, Timeouts timeouts, Throttle throttle) {

  public static final Policy DEFAULT =
      new Policy(false, "none", Timeouts.DEFAULT, Throttle.DEFAULT);
}

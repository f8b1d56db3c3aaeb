package io.whimbrel.target;

import java.time.Duration;
import java.util.Map;

/**
 * What the owner of a target asks of every run on it.
 *
 * @param requireProvenRollback refuse a run without a way back that was proved in a rehearsal
 * @param refuseRisk refuse a run with a risk of this level or a higher one: {@code low}, {@code
 *     medium}, {@code high}; {@code none} refuses nothing
 * @param risks what becomes of the risks of single rules, by the ids of the rules, whatever their
 *     level
 * @param planAge how long after it was made a plan may be executed
 * @param timeouts how long a script may wait and work, if it does not say so itself
 * @param throttle when a data migration in batches waits for the server, if its script does not say
 *     so itself
 * @param recovery what is asked of the ways back
 * @param checkDrift whether every run compares the target with what its schema history implies
 */
public record Policy(
    boolean requireProvenRollback,
    String refuseRisk,
    Map<String, RiskTreatment> risks,
    Duration planAge,
    Timeouts timeouts,
    Throttle throttle,
    Recovery recovery,
    boolean checkDrift) {

  /** Long enough for a plan to be read by someone in another time zone. */
  private static final Duration PLAN_AGE = Duration.ofHours(24);

  public static final Policy DEFAULT =
      new Policy(false, "none", Timeouts.DEFAULT, Throttle.DEFAULT);

  public Policy {
    risks = Map.copyOf(risks);
  }

  /** Without a word on the ways back. */
  public Policy(
      boolean requireProvenRollback,
      String refuseRisk,
      Map<String, RiskTreatment> risks,
      Duration planAge,
      Timeouts timeouts,
      Throttle throttle) {
    this(
        requireProvenRollback,
        refuseRisk,
        risks,
        planAge,
        timeouts,
        throttle,
        Recovery.DEFAULT,
        false);
  }

  /** Without a word on single rules, and with plans of the usual age. */
  public Policy(
      boolean requireProvenRollback, String refuseRisk, Timeouts timeouts, Throttle throttle) {
    this(requireProvenRollback, refuseRisk, Map.of(), PLAN_AGE, timeouts, throttle);
  }

  /** Whether a run has to know the risks of its scripts. */
  public boolean judgesRisks() {
    return !refuseRisk.equals("none")
        || risks.values().stream().anyMatch(treatment -> treatment != RiskTreatment.WARN);
  }
}

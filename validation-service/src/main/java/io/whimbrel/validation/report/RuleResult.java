package io.whimbrel.validation.report;

import io.whimbrel.event.Severity;
import io.whimbrel.validation.rule.Finding;
import io.whimbrel.validation.rule.Obstacle;
import java.time.Duration;
import java.util.List;

/**
 * What came of one rule.
 *
 * @param looks how many constraints, indexes or tables it looked at, or tried to
 * @param durationMs milliseconds of all readings it had a part in
 * @param reasons why it could not look at some of them
 */
public record RuleResult(
    String rule,
    Status status,
    int looks,
    long durationMs,
    List<Finding> findings,
    List<String> reasons) {

  private static final String NOTHING_TO_LOOK_AT = "there is nothing here that the rule applies to";
  private static final String NOTED = "noted, to be compared by a later look";

  public RuleResult {
    findings = List.copyOf(findings);
    reasons = List.copyOf(reasons);
  }

  /**
   * The result of a rule that came to its end.
   *
   * @param notes how many things it noted without a judgement
   */
  public static RuleResult of(
      String rule,
      int looks,
      int notes,
      Duration duration,
      List<Finding> findings,
      List<Obstacle> obstacles) {
    if (looks == 0 && findings.isEmpty() && obstacles.isEmpty()) {
      return new RuleResult(
          rule,
          Status.SKIPPED,
          0,
          duration.toMillis(),
          findings,
          List.of(notes > 0 ? NOTED : NOTHING_TO_LOOK_AT));
    }
    return new RuleResult(
        rule,
        status(findings, obstacles),
        looks,
        duration.toMillis(),
        findings,
        obstacles.stream().map(Obstacle::reason).toList());
  }

  /** The result of a rule that broke off. */
  public static RuleResult failed(String rule, Duration duration, String reason) {
    return new RuleResult(rule, Status.ERROR, 0, duration.toMillis(), List.of(), List.of(reason));
  }

  /** Whether it stood aside because nothing concerns it, rather than because it could not look. */
  boolean stoodAside() {
    return status == Status.SKIPPED
        && (reasons.equals(List.of(NOTHING_TO_LOOK_AT)) || reasons.equals(List.of(NOTED)));
  }

  private static Status status(List<Finding> findings, List<Obstacle> obstacles) {
    if (worst(findings, Severity.ERROR)) {
      return Status.FAILED;
    }
    if (obstacles.stream().anyMatch(Obstacle::failed)) {
      return Status.ERROR;
    }
    if (worst(findings, Severity.WARNING)) {
      return Status.WARNING;
    }
    if (!obstacles.isEmpty()) {
      return Status.SKIPPED;
    }
    boolean sampled = findings.stream().anyMatch(finding -> finding.estimate() != null);
    return sampled ? Status.SAMPLED : Status.PASSED;
  }

  private static boolean worst(List<Finding> findings, Severity least) {
    return findings.stream().anyMatch(finding -> finding.severity().compareTo(least) >= 0);
  }
}

package io.whimbrel.validation.report;

import java.util.List;

/** Rules by what came of them. */
public record Summary(
    int total,
    int passed,
    int sampled,
    int failed,
    int warnings,
    int skipped,
    int errors,
    long durationMs) {

  static Summary of(List<RuleResult> results, long durationMs) {
    return new Summary(
        results.size(),
        count(results, Status.PASSED),
        count(results, Status.SAMPLED),
        count(results, Status.FAILED),
        count(results, Status.WARNING),
        count(results, Status.SKIPPED),
        count(results, Status.ERROR),
        durationMs);
  }

  private static int count(List<RuleResult> results, Status status) {
    return (int) results.stream().filter(result -> result.status() == status).count();
  }
}

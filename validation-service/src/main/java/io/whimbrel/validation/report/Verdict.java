package io.whimbrel.validation.report;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Whether a run may go on, by what the rules saw.
 *
 * @param error which rules could not look, if that is why not
 */
record Verdict(boolean valid, Optional<String> error) {

  /**
   * A finding of severity ERROR or worse is a no, and so is a rule whose look failed. A strict
   * verdict takes nothing but "passed", and rules that nothing concerns.
   */
  static Verdict of(List<RuleResult> results, boolean strict) {
    String failures =
        results.stream()
            .filter(result -> result.status() == Status.ERROR)
            .flatMap(result -> result.reasons().stream().map(why -> result.rule() + ": " + why))
            .collect(Collectors.joining("; "));
    boolean valid = results.stream().allMatch(result -> good(result, strict));
    return new Verdict(valid, failures.isEmpty() ? Optional.empty() : Optional.of(failures));
  }

  private static boolean good(RuleResult result, boolean strict) {
    return strict
        ? result.status() == Status.PASSED || result.stoodAside()
        : result.status() != Status.FAILED && result.status() != Status.ERROR;
  }
}

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
   * verdict takes nothing but "passed".
   */
  static Verdict of(List<RuleResult> results, boolean strict) {
    String failures =
        results.stream()
            .filter(result -> result.status() == Status.ERROR)
            .flatMap(result -> result.reasons().stream().map(why -> result.rule() + ": " + why))
            .collect(Collectors.joining("; "));
    boolean valid =
        results.stream()
            .map(RuleResult::status)
            .allMatch(
                status ->
                    strict
                        ? status == Status.PASSED
                        : status != Status.FAILED && status != Status.ERROR);
    return new Verdict(valid, failures.isEmpty() ? Optional.empty() : Optional.of(failures));
  }
}

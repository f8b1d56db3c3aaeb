package io.whimbrel.executor.plan.policy;

import java.util.List;

/**
 * The risks that a caller takes.
 *
 * @param rules by the ids of their rules
 * @param superAdmin whether a super-admin is known to be the one who takes them
 */
public record Acceptance(List<String> rules, boolean superAdmin) {
  public Acceptance {
    rules = List.copyOf(rules);
  }
}

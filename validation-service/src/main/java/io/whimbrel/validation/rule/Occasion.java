package io.whimbrel.validation.rule;

import io.whimbrel.event.Phase;

/**
 * Why a validation looks, and what it knows beside the target.
 *
 * @param phase of the validation
 * @param memory of an earlier look at the same target, and for a later one
 */
public record Occasion(Phase phase, Memory memory) {

  /** Nobody's run, and nothing to compare with. */
  public static Occasion ordinary() {
    return new Occasion(Phase.TARGETED, Memory.none());
  }
}

package io.whimbrel.validation.rule;

import io.whimbrel.event.Phase;
import io.whimbrel.event.PlannedChange;
import java.util.List;

/**
 * Why a validation looks, and what it knows beside the target.
 *
 * @param phase of the validation
 * @param planned what the run is about to ask of the rows that are there
 * @param memory of an earlier look at the same target, and for a later one
 */
public record Occasion(Phase phase, List<PlannedChange> planned, Memory memory) {
  public Occasion {
    planned = List.copyOf(planned);
  }

  /** Nobody's run, and nothing to compare with. */
  public static Occasion ordinary() {
    return new Occasion(Phase.TARGETED, List.of(), Memory.none());
  }
}

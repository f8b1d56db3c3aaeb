package io.whimbrel.monitoring.figures;

import io.whimbrel.event.Operation;
import io.whimbrel.event.RunStateName;

/** How many runs of a target and an operation are in a state, and how long the ended ones took. */
record RunCount(String target, Operation operation, RunStateName state, long runs, double seconds) {

  boolean succeeded() {
    return state == RunStateName.COMPLETED
        || (state == RunStateName.ROLLED_BACK && operation == Operation.ROLLBACK);
  }

  boolean failed() {
    return switch (state) {
      case FAILED, ROLLBACK_FAILED -> true;
      case ROLLED_BACK -> operation != Operation.ROLLBACK;
      default -> false;
    };
  }
}

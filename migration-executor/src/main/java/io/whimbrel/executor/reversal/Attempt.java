package io.whimbrel.executor.reversal;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An undo, tried: what was there after going down, and after going up again.
 *
 * @param failure why it could not be run to its end; null if it could
 * @param down after the undo
 * @param before what had to be there after the undo, contents included
 * @param again what of the structure or the contents was not, after going up again, as after going
 *     up the first time; empty if all was
 * @param volatileUp whether going up gives other contents each time, from the same start
 */
record Attempt(
    @Nullable String failure, State down, State before, Set<String> again, boolean volatileUp) {

  static Attempt failed(String failure, State state) {
    return new Attempt(failure, state, state, Set.of(), false);
  }
}

package io.whimbrel.executor.drift;

import io.whimbrel.executor.schema.StructureDifference;
import java.util.List;

/**
 * How a target's structure compares with what its schema history implies.
 *
 * @param state whether it was compared, and how that came out
 * @param reason in a sentence; why it could not be compared, if it could not
 * @param objects that differ; expected is what the history implies, found is what the target has
 * @param ddl statements that would turn the implied structure into the target's
 */
public record Drift(State state, String reason, List<StructureDifference> objects, String ddl) {

  /** What came of a comparison. */
  public enum State {
    NONE,
    FOUND,
    UNKNOWN
  }

  public Drift {
    objects = List.copyOf(objects);
  }
}

package io.whimbrel.executor.plan;

import java.util.List;

/**
 * Contradictions between history and files that a caller has looked at, by the names of their
 * migrations: nothing but these is repaired or passed over.
 *
 * @param repair whose rows of the history are brought in line with the files
 * @param ignore whose contradictions do not hold up this run
 */
public record Concessions(List<String> repair, List<String> ignore) {

  public static final Concessions NONE = new Concessions(List.of(), List.of());

  public Concessions {
    repair = List.copyOf(repair);
    ignore = List.copyOf(ignore);
  }

  Concessions withoutRepair() {
    return new Concessions(List.of(), ignore);
  }
}

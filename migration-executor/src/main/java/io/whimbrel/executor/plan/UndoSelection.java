package io.whimbrel.executor.plan;

import java.util.List;

/** Which migrations a caller wants taken back. */
public sealed interface UndoSelection {

  /**
   * One migration, which has to be the last that was applied.
   *
   * @param name its version, description or file name
   */
  record Named(String name) implements UndoSelection {}

  /**
   * Every version above one, which stays.
   *
   * @param version 0 for all of them
   */
  record DownTo(String version) implements UndoSelection {}

  /**
   * What a run has applied.
   *
   * @param scripts their paths, as in the schema history, in any order
   */
  record Applied(List<String> scripts) implements UndoSelection {

    public Applied {
      scripts = List.copyOf(scripts);
    }
  }
}

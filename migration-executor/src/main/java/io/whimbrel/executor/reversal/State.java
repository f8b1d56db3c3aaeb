package io.whimbrel.executor.reversal;

import io.whimbrel.executor.schema.Structure;
import io.whimbrel.executor.schema.StructureDifference;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A database at one moment.
 *
 * @param locks what the transaction had touched by then
 */
record State(Structure structure, Contents contents, Locks locks) {

  /** What a relation holds; nothing if it is not there. */
  TableContents held(long oid) {
    return contents.tables().getOrDefault(oid, NOTHING);
  }

  private static final TableContents NOTHING = new TableContents("TABLE", "", 0, "0", Map.of());

  /** In words, what of the structure or the contents is not the same in the other. */
  Set<String> others(State other) {
    Set<String> names = othersOfStructure(other);
    names.addAll(contents.differences(other.contents));
    return names;
  }

  /** In words, what of the structure is not the same in the other. */
  Set<String> othersOfStructure(State other) {
    Set<String> names = new TreeSet<>();
    for (StructureDifference difference : structure.differences(other.structure)) {
      names.add(difference.summary());
    }
    return names;
  }
}

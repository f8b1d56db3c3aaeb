package io.whimbrel.executor.reversal;

import io.whimbrel.executor.schema.StructureDifference;
import java.util.List;

/**
 * How the undo script that a catalogue ships did in the proof.
 *
 * @param script its file name
 * @param wrong whether the proof showed that it does not take the migration back
 * @param reason in a sentence, what the proof found
 * @param differences of the structure after it from the structure before the migration
 */
public record ShippedUndo(
    String script, boolean wrong, String reason, List<StructureDifference> differences) {

  public ShippedUndo {
    differences = List.copyOf(differences);
  }
}

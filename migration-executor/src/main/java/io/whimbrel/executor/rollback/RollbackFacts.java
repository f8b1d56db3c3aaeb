package io.whimbrel.executor.rollback;

import io.whimbrel.event.RollbackStrategy;
import io.whimbrel.executor.backup.WriteEvidence;
import java.util.List;

/**
 * What a rollback is decided by.
 *
 * @param strategy what was asked for
 * @param committed how many scripts of the run are in the schema history
 * @param derived those of them that have no undo script, but an inverse that was derived and proven
 * @param withoutUndo those of them that have neither
 * @param backup whether there is a verified backup from before the run
 * @param evidence whether others have written since
 * @param acceptDataLoss a super-admin's explicit word
 */
public record RollbackFacts(
    RollbackStrategy strategy,
    int committed,
    List<String> derived,
    List<String> withoutUndo,
    boolean backup,
    WriteEvidence evidence,
    boolean acceptDataLoss) {
  public RollbackFacts {
    derived = List.copyOf(derived);
    withoutUndo = List.copyOf(withoutUndo);
  }
}

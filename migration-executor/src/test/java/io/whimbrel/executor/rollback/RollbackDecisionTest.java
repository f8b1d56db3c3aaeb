package io.whimbrel.executor.rollback;

import static org.assertj.core.api.Assertions.assertThat;

import io.whimbrel.event.RollbackStrategy;
import io.whimbrel.event.TableName;
import io.whimbrel.executor.backup.WriteEvidence;
import java.util.List;
import org.junit.jupiter.api.Test;

class RollbackDecisionTest {
  private static final WriteEvidence ALONE = new WriteEvidence.OnlyTheRun();
  private static final WriteEvidence OTHERS =
      new WriteEvidence.ByOthers(
          List.of(new WriteEvidence.Written(new TableName("public", "users"), 3, 5)),
          "others wrote");
  private static final WriteEvidence UNKNOWN = new WriteEvidence.Unknown("nobody knows");
  private static final List<String> ALL_UNDOABLE = List.of();
  private static final List<String> NO_UNDO = List.of("V2__drop.sql");

  @Test
  void nothingCommittedIsNothingToDo() {
    assertThat(decide(RollbackStrategy.AUTO, 0, NO_UNDO, true, OTHERS, false))
        .isInstanceOf(RollbackDecision.Nothing.class);
  }

  @Test
  void undoScriptsComeFirst() {
    assertThat(decide(RollbackStrategy.AUTO, 2, ALL_UNDOABLE, true, OTHERS, false))
        .isInstanceOf(RollbackDecision.Undo.class);
  }

  @Test
  void aProvenInverseStandsInForAnUndoScript() {
    RollbackFacts facts =
        new RollbackFacts(
            RollbackStrategy.AUTO, 2, List.of("V2__add.sql"), List.of(), true, OTHERS, false);
    assertThat(RollbackDecision.decide(facts))
        .isEqualTo(
            new RollbackDecision.Undo(
                "V2__add.sql has no undo script, but the inverse that its plan derived and proved,"
                    + " which the policy of the target allows; every other applied script has an"
                    + " undo script"));
  }

  @Test
  void withoutThemTheBackupIsRestoredIfNobodyElseWrote() {
    assertThat(decide(RollbackStrategy.AUTO, 2, NO_UNDO, true, ALONE, false))
        .isEqualTo(new RollbackDecision.Restore(ALONE.why(), false));
  }

  @Test
  void ifSomeoneDidOrMayHaveAPersonDecidesBetweenTheOptions() {
    for (WriteEvidence evidence : List.of(OTHERS, UNKNOWN)) {
      assertThat(decide(RollbackStrategy.AUTO, 2, NO_UNDO, true, evidence, false))
          .isInstanceOfSatisfying(
              RollbackDecision.Stop.class,
              stop -> {
                assertThat(stop.why()).isEqualTo(evidence.why());
                assertThat(stop.options())
                    .hasSize(3)
                    .anyMatch(
                        option ->
                            option.contains(evidence.loss()) && option.contains("acceptDataLoss"))
                    .anyMatch(option -> option.contains("V2__drop.sql"));
              });
    }
  }

  @Test
  void anAcceptedLossGoesOn() {
    assertThat(decide(RollbackStrategy.AUTO, 2, NO_UNDO, true, OTHERS, true))
        .isInstanceOfSatisfying(
            RollbackDecision.Restore.class, restore -> assertThat(restore.losesWrites()).isTrue());
  }

  @Test
  void withoutABackupEvenAnAcceptedLossStops() {
    assertThat(decide(RollbackStrategy.AUTO, 2, NO_UNDO, false, ALONE, true))
        .isInstanceOf(RollbackDecision.Stop.class);
  }

  @Test
  void undoIsNotReplacedByARestore() {
    assertThat(decide(RollbackStrategy.UNDO, 2, NO_UNDO, true, ALONE, true))
        .isInstanceOfSatisfying(
            RollbackDecision.Stop.class,
            stop -> assertThat(stop.why()).contains("no undo script for V2__drop.sql"));
  }

  @Test
  void restoreIsNotReplacedByUndoScripts() {
    assertThat(decide(RollbackStrategy.RESTORE, 2, ALL_UNDOABLE, true, ALONE, false))
        .isInstanceOf(RollbackDecision.Restore.class);
  }

  private static RollbackDecision decide(
      RollbackStrategy strategy,
      int committed,
      List<String> withoutUndo,
      boolean backup,
      WriteEvidence evidence,
      boolean acceptDataLoss) {
    return RollbackDecision.decide(
        new RollbackFacts(
            strategy, committed, List.of(), withoutUndo, backup, evidence, acceptDataLoss));
  }
}

package io.whimbrel.executor.rollback;

import io.whimbrel.executor.backup.WriteEvidence;
import java.util.ArrayList;
import java.util.List;

/** How a run is taken back: the cheapest way that loses nothing silently. */
public sealed interface RollbackDecision {
  /** The facts that decided, in one sentence. */
  String why();

  /** Nothing was committed. */
  record Nothing(String why) implements RollbackDecision {}

  /** The undo scripts run, or inverses that were derived and proven; the last applied first. */
  record Undo(String why) implements RollbackDecision {}

  /**
   * The backup is restored.
   *
   * @param losesWrites whether what others wrote is, or may be, overwritten
   */
  record Restore(String why, boolean losesWrites) implements RollbackDecision {}

  /** A person has to decide between the options. */
  record Stop(String why, List<String> options) implements RollbackDecision {
    public Stop {
      options = List.copyOf(options);
    }
  }

  static RollbackDecision decide(RollbackFacts facts) {
    if (facts.committed() == 0) {
      return new Nothing("nothing of the run was committed");
    }
    return switch (facts.strategy()) {
      case UNDO -> facts.withoutUndo().isEmpty() ? undo(facts) : stop(facts, missingUndo(facts));
      case RESTORE -> restore(facts);
      case AUTO -> facts.withoutUndo().isEmpty() ? undo(facts) : restore(facts);
    };
  }

  private static RollbackDecision undo(RollbackFacts facts) {
    if (facts.derived().isEmpty()) {
      return new Undo("every applied script has an undo script");
    }
    String derived =
        String.join(", ", facts.derived())
            + (facts.derived().size() == 1
                ? " has no undo script, but the inverse that its plan derived and proved, which the"
                : " have no undo scripts, but the inverses that their plan derived and proved,"
                    + " which the")
            + " policy of the target allows";
    return new Undo(
        facts.derived().size() == facts.committed()
            ? derived
            : derived + "; every other applied script has an undo script");
  }

  private static RollbackDecision restore(RollbackFacts facts) {
    if (!facts.backup()) {
      return stop(facts, "there is no verified backup of the run");
    }
    String why = facts.evidence().why();
    if (facts.evidence() instanceof WriteEvidence.OnlyTheRun) {
      return new Restore(why, false);
    }
    return facts.acceptDataLoss()
        ? new Restore("the loss was accepted: " + why, true)
        : stop(facts, why);
  }

  private static Stop stop(RollbackFacts facts, String why) {
    var options = new ArrayList<String>();
    if (facts.backup()) {
      options.add(
          facts.evidence() instanceof WriteEvidence.OnlyTheRun
              ? "restore the backup: strategy restore"
              : "restore the backup and lose what others wrote, to "
                  + facts.evidence().loss()
                  + ": strategy restore with acceptDataLoss, by a super-admin");
    }
    options.add(
        facts.withoutUndo().isEmpty()
            ? "run the undo scripts and lose what was written into what they take away: strategy"
                + " undo"
            : "add undo scripts for "
                + String.join(", ", facts.withoutUndo())
                + ", then strategy undo");
    options.add("keep the migration, and repair its data with another one");
    return new Stop(why, options);
  }

  private static String missingUndo(RollbackFacts facts) {
    return "there is no undo script for " + String.join(", ", facts.withoutUndo());
  }
}

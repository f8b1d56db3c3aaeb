package io.whimbrel.executor.reversal;

import io.whimbrel.executor.catalog.Migration;
import io.whimbrel.executor.catalog.Script;
import io.whimbrel.executor.catalog.Version;
import io.whimbrel.executor.reversal.WayBack.Source;
import io.whimbrel.executor.reversal.WayBack.Verdict;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes of judged undos the way back that a plan shows. */
final class Verdicts {
  private Verdicts() {}

  /**
   * @param shipped of the catalogue's own undo script; null if there is none
   * @param derived null if none was needed
   * @param gap an object that is not in the scratch database as in the target, and was touched
   */
  static WayBack of(
      Script script,
      @Nullable Script undo,
      @Nullable Outcome shipped,
      @Nullable Outcome derived,
      @Nullable String gap) {
    boolean own = shipped != null && (derived == null || !derived.isBetterThan(shipped));
    Outcome best = own ? shipped : derived;
    if (best == null) {
      return notLookedAt(script, "nothing was tried");
    }
    Judgement judgement = best.judgement();
    boolean refused = !own && judgement.verdict() == Verdict.NOT_PROVEN;
    List<String> notes = new ArrayList<>(judgement.notes());
    Verdict verdict = judgement.verdict();
    String reason = judgement.reason();
    if (gap != null && (verdict == Verdict.PROVEN || verdict == Verdict.STRUCTURE_ONLY)) {
      verdict = Verdict.NOT_PROVEN;
      reason = "the scratch database could not be made like the target in " + gap;
    }
    return new WayBack(
        script.migration().script(),
        version(script),
        own ? Source.UNDO_SCRIPT : refused ? Source.NONE : Source.DERIVED,
        verdict,
        (own ? "The undo script: " : "The derived undo: ") + reason,
        judgement.differences(),
        judgement.losses(),
        notes,
        derived == null || refused ? null : text(derived.sql()),
        shipped(undo, shipped));
  }

  private static @Nullable ShippedUndo shipped(@Nullable Script undo, @Nullable Outcome shipped) {
    if (undo == null || shipped == null) {
      return null;
    }
    Judgement judgement = shipped.judgement();
    return new ShippedUndo(
        undo.migration().script(), judgement.wrong(), judgement.reason(), judgement.differences());
  }

  private static @Nullable String text(@Nullable List<String> statements) {
    return statements == null
        ? null
        : statements.isEmpty() ? "" : String.join(";\n", statements) + ";\n";
  }

  static WayBack notLookedAt(Script script, String reason) {
    return new WayBack(
        script.migration().script(),
        version(script),
        Source.NONE,
        Verdict.NOT_LOOKED_AT,
        reason,
        List.of(),
        List.of(),
        List.of(),
        null,
        null);
  }

  private static @Nullable String version(Script script) {
    Migration migration = script.migration();
    @Nullable Version version = migration.version();
    return version == null ? null : version.toString();
  }
}

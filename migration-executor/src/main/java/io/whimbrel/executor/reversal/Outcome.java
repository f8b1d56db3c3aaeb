package io.whimbrel.executor.reversal;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A judged undo.
 *
 * @param sql what was run, if it was derived; null for a script
 */
record Outcome(Judgement judgement, @Nullable List<String> sql) {

  boolean isBetterThan(Outcome other) {
    return rank(judgement.verdict()) < rank(other.judgement.verdict());
  }

  private static int rank(WayBack.Verdict verdict) {
    return switch (verdict) {
      case PROVEN -> 0;
      case STRUCTURE_ONLY -> 1;
      case LOSES_DATA -> 2;
      case NOT_PROVEN -> 3;
      case NOT_LOOKED_AT -> 4;
    };
  }
}

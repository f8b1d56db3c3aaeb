package io.whimbrel.executor.apply;

import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * The statements of a script that took longest, and of those that took as long, the ones that
 * changed most rows. A script may have any number of statements; only so many are kept.
 */
final class SlowestStatements {
  static final int MOST = 20;

  private final PriorityQueue<StatementFigures> kept =
      new PriorityQueue<>(
          Comparator.comparingLong(StatementFigures::durationMs)
              .thenComparingLong(StatementFigures::rows)
              .thenComparing(StatementFigures::statement, Comparator.reverseOrder()));

  void add(StatementFigures figures) {
    kept.add(figures);
    if (kept.size() > MOST) {
      kept.remove();
    }
  }

  /** In the order of the script. */
  List<StatementFigures> inOrder() {
    return kept.stream().sorted(Comparator.comparingInt(StatementFigures::statement)).toList();
  }
}

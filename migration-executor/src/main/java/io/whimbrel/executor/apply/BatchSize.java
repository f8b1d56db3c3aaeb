package io.whimbrel.executor.apply;

import java.time.Duration;
import java.util.Optional;

/**
 * How many rows the next batch takes: as many as took the wanted time before. Grows carefully, as
 * later rows may be dearer; shrinks at once.
 */
final class BatchSize {

  private static final int FIRST = 1_000;
  private static final int LEAST = 10;
  private static final int MOST = 200_000;
  private static final int EARLY_BATCHES = 10;
  private static final double EARLY_GROWTH = 2;
  private static final double LATER_GROWTH = 1.2;

  private final boolean fixed;
  private final Duration wanted;
  private int rows;
  private int batches;

  BatchSize(Optional<Integer> fixed, Duration wanted) {
    this.fixed = fixed.isPresent();
    this.rows = fixed.orElse(FIRST);
    this.wanted = wanted;
  }

  int rows() {
    return rows;
  }

  void took(Duration time) {
    batches++;
    if (fixed) {
      return;
    }
    double ideal = (double) wanted.toNanos() / Math.max(1, time.toNanos());
    double growth = batches <= EARLY_BATCHES ? EARLY_GROWTH : LATER_GROWTH;
    double factor = Math.min(growth, Math.max(0.5, ideal));
    rows = (int) Math.max(LEAST, Math.min(MOST, Math.round(rows * factor)));
  }

  /**
   * The batch was too slow.
   *
   * @return false if it cannot be made smaller
   */
  boolean halve() {
    if (fixed || rows <= LEAST) {
      return false;
    }
    rows = Math.max(LEAST, rows / 2);
    return true;
  }
}

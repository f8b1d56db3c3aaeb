package io.whimbrel.executor.apply;

import java.time.Duration;
import java.util.Optional;

/**
 * How many rows the next batch takes. The efficiency of a size is the wanted time over the time it
 * would take at the rows' cost, a moving average over the batches before; the size follows it,
 * growing by a fifth at most, as later rows may be dearer, and is halved when a batch timed out.
 * (The average is of the time per row, as that of whole batches would lag behind their growth.)
 */
final class BatchSize {

  private static final int FIRST = 1_000;
  private static final int LEAST = 10;
  private static final int MOST = 200_000;
  private static final double GROWTH = 1.2;
  private static final double SHRINKING = 0.5;
  private static final double WEIGHT = 0.3;

  private final boolean fixed;
  private final Duration wanted;
  private int rows;
  private double nanosPerRow;

  BatchSize(Optional<Integer> fixed, Duration wanted) {
    this.fixed = fixed.isPresent();
    this.rows = fixed.orElse(FIRST);
    this.wanted = wanted;
  }

  int rows() {
    return rows;
  }

  /** A batch of so many rows was committed. */
  void took(long batchRows, Duration time) {
    if (fixed || batchRows == 0) {
      return;
    }
    double cost = Math.max(1, (double) time.toNanos() / batchRows);
    nanosPerRow = nanosPerRow == 0 ? cost : WEIGHT * cost + (1 - WEIGHT) * nanosPerRow;
    double efficiency = wanted.toNanos() / (rows * nanosPerRow);
    double factor = Math.min(GROWTH, Math.max(SHRINKING, efficiency));
    rows = (int) Math.max(LEAST, Math.min(MOST, Math.round(rows * factor)));
  }

  /**
   * The batch was too slow, or did not get its locks.
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

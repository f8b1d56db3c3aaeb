package io.whimbrel.executor.apply;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongSupplier;

/** Turns finished batches into progress, at most twice a second, with the rate of late. */
final class RowMeter {

  private static final long EVERY_NANOS = Duration.ofMillis(500).toNanos();
  private static final long WINDOW_NANOS = Duration.ofSeconds(10).toNanos();

  private final ApplyListener listener;
  private final LongSupplier clock;
  private final boolean estimated;
  private final Deque<Mark> marks = new ArrayDeque<>();
  private long toldAt;

  private record Mark(long nanos, long rows) {}

  /**
   * Begins to measure.
   *
   * @param doneBefore rows that were done before an interruption
   * @param estimated whether the total of the rows is an estimate
   * @param clock nanoseconds
   */
  RowMeter(ApplyListener listener, long doneBefore, boolean estimated, LongSupplier clock) {
    this.listener = listener;
    this.clock = clock;
    this.estimated = estimated;
    this.toldAt = clock.getAsLong() - EVERY_NANOS;
    marks.add(new Mark(clock.getAsLong(), doneBefore));
  }

  void done(long rows, long planned, int batchSize, boolean last) {
    long now = clock.getAsLong();
    marks.add(new Mark(now, rows));
    while (marks.size() > 2 && now - marks.getFirst().nanos() > WINDOW_NANOS) {
      marks.removeFirst();
    }
    if (!last && now - toldAt < EVERY_NANOS) {
      return;
    }
    toldAt = now;
    long total = last ? rows : Math.max(rows, planned);
    double perSecond = perSecond();
    long left = perSecond <= 0 ? 0 : (long) Math.ceil((total - rows) / perSecond);
    listener.rows(
        new RowProgress(
            rows, total, estimated && !last, batchSize, perSecond, Duration.ofSeconds(left)));
  }

  /** To the row, and to a tenth of one where it is slow. */
  private double perSecond() {
    Mark first = marks.getFirst();
    Mark last = marks.getLast();
    double rate =
        (last.rows() - first.rows()) / Math.max(1e-3, (last.nanos() - first.nanos()) / 1e9);
    return rate > 100 ? Math.rint(rate) : Math.rint(rate * 10) / 10;
  }
}

package io.whimbrel.executor.apply;

import java.time.Duration;

/** Turns finished batches into progress, at most twice a second. */
final class RowMeter {

  private static final long EVERY_NANOS = Duration.ofMillis(500).toNanos();

  private final ApplyListener listener;
  private final long began = System.nanoTime();
  private final long doneBefore;
  private long toldAt = began - EVERY_NANOS;

  RowMeter(ApplyListener listener, long doneBefore) {
    this.listener = listener;
    this.doneBefore = doneBefore;
  }

  void done(long rows, long estimated, int batchSize, boolean last) {
    long now = System.nanoTime();
    if (!last && now - toldAt < EVERY_NANOS) {
      return;
    }
    toldAt = now;
    long total = last ? rows : Math.max(rows, estimated);
    double seconds = Math.max(1e-3, (now - began) / 1e9);
    double perSecond = (rows - doneBefore) / seconds;
    long left = perSecond <= 0 ? 0 : (long) Math.ceil((total - rows) / perSecond);
    listener.rows(new RowProgress(rows, total, batchSize, perSecond, Duration.ofSeconds(left)));
  }
}

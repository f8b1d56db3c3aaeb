package io.whimbrel.executor.run;

import org.jspecify.annotations.Nullable;

/**
 * What users want of a run that is at work.
 *
 * @param pausedBy who wants it to wait between two batches; null if it is to go on
 * @param cancelledBy who wants it to end; null if nobody does
 * @param sealed whether the COMMIT of its last script has been, or is about to be, sent, so that it
 *     cannot be cancelled any more
 */
public record RunWish(@Nullable String pausedBy, @Nullable String cancelledBy, boolean sealed) {

  /** Whether it is to wait; to end is the stronger wish. */
  public boolean pauses() {
    return pausedBy != null && cancelledBy == null;
  }
}

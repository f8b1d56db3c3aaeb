package io.whimbrel.executor.apply;

import java.time.Duration;
import java.util.List;

/** How the application of a script ended. */
public sealed interface ApplyResult {

  /**
   * It is there, with its history row.
   *
   * @param executionTime of the attempt that succeeded
   * @param rows inserted, updated and deleted by its statements
   * @param lockWait lost in attempts that ended in waiting for a lock
   * @param slowest those of its statements that took longest, in their order, as far as this call
   *     has run them
   */
  record Applied(
      Duration executionTime, long rows, Duration lockWait, List<StatementFigures> slowest)
      implements ApplyResult {
    public Applied {
      slowest = List.copyOf(slowest);
    }
  }

  /** It was there before, as an attempt whose outcome was unknown had succeeded. */
  record AlreadyApplied() implements ApplyResult {}

  /**
   * Nothing of it is there, except what batches and non-transactional statements had committed:
   * their checkpoint is kept, and the same script goes on from it.
   */
  record Failed(ApplyFailure failure) implements ApplyResult {}

  /** Ended between two batches, as {@link ApplyListener#pauseWanted} asked for. */
  record Paused() implements ApplyResult {}

  /** As failed, by the wish of a user. */
  record Cancelled() implements ApplyResult {}
}

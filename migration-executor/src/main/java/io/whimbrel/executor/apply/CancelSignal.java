package io.whimbrel.executor.apply;

import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/** The wish to stop. It takes effect at any time before COMMIT is sent, in any thread. */
public final class CancelSignal {

  private boolean cancelled;
  private boolean committing;
  private @Nullable PGConnection running;
  private int depth;

  /**
   * Stops the script; its statement is interrupted.
   *
   * @return false if COMMIT has been sent and the script is, or is going to be, applied
   */
  public synchronized boolean cancel() {
    if (committing) {
      return false;
    }
    cancelled = true;
    notifyAll();
    if (running != null) {
      try {
        running.cancelQuery();
      } catch (SQLException e) {
        // The statement has ended or its connection is lost; either way the flag is seen next.
        return true;
      }
    }
    return true;
  }

  public synchronized boolean isCancelled() {
    return cancelled;
  }

  /** Waits for so long, or until it is cancelled. */
  synchronized void sleeps(Duration time) {
    long deadline = System.nanoTime() + time.toNanos();
    try {
      for (long left = time.toNanos();
          left > 0 && !cancelled;
          left = deadline - System.nanoTime()) {
        wait(left / 1_000_000, (int) (left % 1_000_000));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      cancelled = true;
    }
  }

  /** False if the work must not start; it may have others within it. */
  synchronized boolean starts(PGConnection connection) {
    if (cancelled) {
      return false;
    }
    running = connection;
    depth++;
    return true;
  }

  /** Waits for a cancel request that is under way, so that it cannot hit what comes next. */
  synchronized void ended() {
    depth--;
    if (depth == 0) {
      running = null;
    }
  }

  /** False if COMMIT must not be sent. */
  synchronized boolean commits() {
    committing = !cancelled;
    return committing;
  }

  synchronized void committed() {
    committing = false;
  }
}

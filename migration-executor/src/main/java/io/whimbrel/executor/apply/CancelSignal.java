package io.whimbrel.executor.apply;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/** The wish to stop. It takes effect at any time before COMMIT is sent, in any thread. */
public final class CancelSignal {

  private boolean cancelled;
  private boolean committing;
  private @Nullable PGConnection running;

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

  /** False if the statement must not start. */
  synchronized boolean starts(PGConnection connection) {
    running = cancelled ? null : connection;
    return !cancelled;
  }

  /** Waits for a cancel request that is under way, so that it cannot hit what comes next. */
  synchronized void ended() {
    running = null;
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

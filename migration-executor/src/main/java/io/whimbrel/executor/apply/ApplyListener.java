package io.whimbrel.executor.apply;

import java.time.Duration;
import java.util.List;

/**
 * Hears how a script goes. Called from the thread that runs the script, except {@link #waiting},
 * and {@link #running}, which come from another one; every method should return soon, as the
 * script's transaction is open meanwhile.
 */
public interface ApplyListener {

  ApplyListener SILENT = new ApplyListener() {};

  /**
   * A statement is about to run.
   *
   * @param number from 1
   * @param line in the script, from 1
   */
  default void statement(int number, int of, int line) {}

  /**
   * This statement has been running for a while.
   *
   * @param number from 1
   * @param part of it that is done, from 0 to 1; 0 if the server does not say
   * @param phase the server's word for what it does; empty if it does not say
   */
  default void running(int number, int of, double part, String phase) {}

  /** A statement waits for a lock that these sessions hold. */
  default void waiting(List<Blocker> blockers) {}

  /** The lock did not come in time; the whole transaction is tried again after the pause. */
  default void retrying(int attempt, Duration pause, List<Blocker> blockers) {}

  /** Asked before each batch: whether the script is to end here and to go on another time. */
  default boolean pauseWanted() {
    return false;
  }

  /**
   * No batch runs until the server is less busy; told again and again while it lasts.
   *
   * @param reasons each in words, at least one
   */
  default void held(List<String> reasons) {}

  /** What batches were to wait for, but the role may not see; told once, before the first one. */
  default void signalsOff(String role, List<String> signals) {}

  /**
   * Rows were added behind the last batch so many times; what is added from now on is not gone
   * over.
   */
  default void sweepsSpent(int times) {}

  /** A batch was committed; at most twice a second, and after the last one. */
  default void rows(RowProgress progress) {}

  /**
   * COMMIT is about to be sent. What identifies the transaction has to be stored when this returns;
   * if it throws, the transaction is rolled back and the exception passes on to the caller.
   *
   * @param xid as {@code pg_xact_status} takes it
   */
  default void aboutToCommit(String xid) {}
}

package io.whimbrel.executor.apply;

import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Tries a transaction until it succeeds, fails for good, or the lock budget is spent. After each
 * attempt that did not commit, it has been rolled back.
 */
final class Attempts {

  private final Application application;
  private Duration lockWait = Duration.ZERO;

  Attempts(Application application) {
    this.application = application;
  }

  /**
   * One attempt, from BEGIN to COMMIT, waiting for locks at most as long as it is told; null if it
   * was cancelled.
   */
  interface Attempt<T> {
    @Nullable T run(Duration lockTimeout) throws SQLException, StaleFence;
  }

  /** What an attempt came to: its value, or why the script has ended. */
  record Outcome<T>(@Nullable T value, @Nullable ApplyResult ended) {}

  /** What the attempts before the last one lost in waiting. */
  Duration lockWait() {
    return lockWait;
  }

  /** As {@link #run}, for an attempt that is the whole script. */
  ApplyResult result(ScriptTransaction transaction, Attempt<ApplyResult> attempt)
      throws TargetLost, StaleFence {
    Outcome<ApplyResult> outcome = run(transaction, attempt);
    return ended(outcome.ended() == null ? outcome.value() : outcome.ended());
  }

  /** How a script ended: as told, or cancelled. */
  static ApplyResult ended(@Nullable ApplyResult told) {
    return told == null ? new ApplyResult.Cancelled() : told;
  }

  <T> Outcome<T> run(ScriptTransaction transaction, Attempt<T> attempt)
      throws TargetLost, StaleFence {
    LockRetry retry = application.lockRetry();
    while (true) {
      long began = System.nanoTime();
      transaction.startOver();
      try {
        return new Outcome<>(attempt.run(retry.timeout()), null);
      } catch (SQLException e) {
        if (SqlStates.lost(e)) {
          throw new TargetLost(e);
        }
        if (e instanceof Exchange.FenceNotHeld) {
          throw whyNotHeld(e);
        }
        ApplyFailure failure = transaction.failure(e);
        if (application.cancel().isCancelled()) {
          return new Outcome<>(null, new ApplyResult.Cancelled());
        }
        if (!RetriedStates.include(e) || !retry.another()) {
          return new Outcome<>(null, new ApplyResult.Failed(failure));
        }
        application.session().rollback();
        lockWait = lockWait.plusNanos(System.nanoTime() - began);
        pause(retry, failure);
      } finally {
        application.session().rollback();
      }
    }
  }

  // A look at each by itself tells a later claim, a proxy that shares sessions, and a lost lock.
  private StaleFence whyNotHeld(SQLException e) throws TargetLost, StaleFence {
    application.session().rollback();
    try {
      application.session().begin();
      application.session().requireLock();
    } catch (SQLException lost) {
      throw new TargetLost(lost);
    }
    throw new TargetLost(e);
  }

  private void pause(LockRetry retry, ApplyFailure failure) {
    Duration pause = retry.pause();
    application.listener().retrying(retry.attempt(), pause, failure.blockers());
    application.cancel().sleeps(pause);
    lockWait = lockWait.plus(pause);
  }
}

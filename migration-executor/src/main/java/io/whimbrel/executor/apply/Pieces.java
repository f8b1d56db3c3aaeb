package io.whimbrel.executor.apply;

import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The transactions of a script that has several, each with attempts of its own. What was committed
 * by the pieces before stays when one fails.
 */
final class Pieces {

  private final Application application;
  private Duration lockWait = Duration.ZERO;

  Pieces(Application application) {
    this.application = application;
  }

  /** A piece of the work, from BEGIN to COMMIT; null if it was cancelled. */
  interface Piece<T> {
    @Nullable T run(ScriptTransaction transaction, Duration lockTimeout)
        throws SQLException, StaleFence;
  }

  <T> Attempts.Outcome<T> run(Piece<T> piece) throws TargetLost, StaleFence {
    Attempts attempts = new Attempts(application);
    ScriptTransaction transaction = new ScriptTransaction(application);
    Attempts.Outcome<T> outcome =
        attempts.run(transaction, lockTimeout -> piece.run(transaction, lockTimeout));
    lockWait = lockWait.plus(attempts.lockWait());
    return outcome;
  }

  /** What all of them lost in waiting for locks. */
  Duration lockWait() {
    return lockWait;
  }
}

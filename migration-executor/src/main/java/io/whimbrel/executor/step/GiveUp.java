package io.whimbrel.executor.step;

import io.whimbrel.event.RunError;
import io.whimbrel.event.RunStateName;
import io.whimbrel.executor.apply.CrashPoint;
import io.whimbrel.executor.run.Announcement;
import io.whimbrel.executor.run.Claim;
import io.whimbrel.executor.run.Durable;
import io.whimbrel.executor.run.RunLifecycle;
import io.whimbrel.executor.run.RunState;
import io.whimbrel.executor.run.RunState.Move;
import io.whimbrel.executor.run.StaleClaim;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.sql.SQLException;
import java.util.UUID;
import org.jboss.logging.Logger;

/** Ends a run whose step cannot be done, in the state that fits how far it had come. */
@ApplicationScoped
class GiveUp {
  private static final Logger LOG = Logger.getLogger(GiveUp.class);

  private final RunLifecycle lifecycle;

  GiveUp(RunLifecycle lifecycle) {
    this.lifecycle = lifecycle;
  }

  @Transactional
  @Durable(CrashPoint.RUN_STATE)
  void on(UUID run, Throwable cause) {
    try {
      Claim claim =
          lifecycle.claim(
              run,
              RunStateName.REQUESTED,
              RunStateName.BACKING_UP,
              RunStateName.APPLYING,
              RunStateName.ROLLING_BACK);
      lifecycle.enter(claim, end(RunState.of(claim.state())), Announcement.of(error(cause)));
    } catch (StaleClaim e) {
      LOG.infof("Nothing to give up: %s", e.getMessage());
    }
  }

  private static Move end(RunState state) {
    if (state instanceof RunState.Requested requested) {
      return requested.rejected();
    }
    if (state instanceof RunState.BackingUp backingUp) {
      return backingUp.failed();
    }
    if (state instanceof RunState.Applying applying) {
      return applying.failed();
    }
    if (state instanceof RunState.RollingBack rollingBack) {
      return rollingBack.rollbackFailed();
    }
    throw new IllegalStateException("no step works on a run that is " + state.name());
  }

  private static RunError error(Throwable cause) {
    String sqlState = cause instanceof SQLException sql ? sql.getSQLState() : null;
    String message =
        sqlState == null
            ? "The step failed again and again: " + cause.getClass().getSimpleName()
            : "The step failed again and again, last with SQLSTATE " + sqlState;
    return new RunError(
        message + ". The log of the executor has the details.", sqlState, null, null, null, null);
  }
}

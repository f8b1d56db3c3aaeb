package io.whimbrel.executor.run;

import io.whimbrel.event.RunStateName;
import io.whimbrel.executor.run.RunState.Move;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.UUID;

/**
 * Ends a run that has not begun to change its target. A step at work on it finds its claim stale
 * and leaves the target as it is.
 */
@ApplicationScoped
public class Cancellation {
  private final RunRepository runs;
  private final RunLifecycle lifecycle;

  Cancellation(RunRepository runs, RunLifecycle lifecycle) {
    this.runs = runs;
    this.lifecycle = lifecycle;
  }

  /** What became of the wish. */
  public enum Answer {
    CANCELLED,
    TOO_LATE,
    UNKNOWN
  }

  @Transactional
  public Answer cancel(UUID id) {
    Run run = runs.lock(id).orElse(null);
    if (run == null) {
      return Answer.UNKNOWN;
    }
    if (run.state() == RunStateName.CANCELLED) {
      return Answer.CANCELLED;
    }
    RunState state = RunState.of(run.state());
    Move move;
    if (state instanceof RunState.Requested requested) {
      move = requested.cancelled();
    } else if (state instanceof RunState.Planned planned) {
      move = planned.cancelled();
    } else if (state instanceof RunState.Validating validating) {
      move = validating.cancelled();
    } else if (state instanceof RunState.BackingUp backingUp) {
      move = backingUp.cancelled();
    } else {
      return Answer.TOO_LATE;
    }
    lifecycle.enter(
        lifecycle.claim(id, run.state()), move, Announcement.says("Cancelled by request"));
    return Answer.CANCELLED;
  }
}

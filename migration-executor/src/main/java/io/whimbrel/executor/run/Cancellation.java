package io.whimbrel.executor.run;

import io.whimbrel.event.RunStateName;
import io.whimbrel.executor.apply.CrashPoint;
import io.whimbrel.executor.run.RunState.Move;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.Optional;
import java.util.UUID;

/**
 * Ends a run before the COMMIT of its last script is sent. A run that has not begun to change its
 * target ends at once; a step at work on it finds its claim stale and leaves the target as it is.
 * Of a run that applies its scripts the wish is noted, and the step ends it: it looks before each
 * script, its statement at work is interrupted, and the COMMIT of the last script needs the run to
 * be sealed against cancelling first, in the row that the wish is noted in.
 */
@ApplicationScoped
public class Cancellation {
  private final RunRepository runs;
  private final RunWishes wishes;
  private final RunLifecycle lifecycle;

  Cancellation(RunRepository runs, RunWishes wishes, RunLifecycle lifecycle) {
    this.runs = runs;
    this.wishes = wishes;
    this.lifecycle = lifecycle;
  }

  /** What became of the wish. */
  public enum Answer {
    /** The run has ended by this wish, or by the same one before. */
    ENDED,
    /** The run is going to end by it. */
    NOTED,
    TOO_LATE,
    UNKNOWN
  }

  @Transactional
  @Durable(CrashPoint.WISH)
  public Answer cancel(UUID id, String by) {
    Run run = runs.lock(id).orElse(null);
    if (run == null) {
      return Answer.UNKNOWN;
    }
    if (run.state().terminal()) {
      return run.wish().cancelledBy() == null ? Answer.TOO_LATE : Answer.ENDED;
    }
    Optional<Move> move = move(RunState.of(run.state()));
    if (move.isEmpty() || run.wish().sealed()) {
      return Answer.TOO_LATE;
    }
    wishes.cancel(id, by);
    if (run.state() == RunStateName.APPLYING) {
      if (run.wish().cancelledBy() == null) {
        lifecycle.remark(id, "Is to end, asked by " + by);
      }
      return Answer.NOTED;
    }
    lifecycle.enter(
        lifecycle.claim(id, run.state()), move.get(), Announcement.says("Cancelled by " + by));
    return Answer.ENDED;
  }

  private static Optional<Move> move(RunState state) {
    if (state instanceof RunState.Requested requested) {
      return Optional.of(requested.cancelled());
    }
    if (state instanceof RunState.Planned planned) {
      return Optional.of(planned.cancelled());
    }
    if (state instanceof RunState.Validating validating) {
      return Optional.of(validating.cancelled());
    }
    if (state instanceof RunState.BackingUp backingUp) {
      return Optional.of(backingUp.cancelled());
    }
    return state instanceof RunState.Applying applying
        ? Optional.of(applying.cancelled())
        : Optional.empty();
  }
}

package io.whimbrel.executor.run;

import io.whimbrel.event.RunStateName;

/**
 * The states of a run. The methods of a state are the moves that are legal from it; a move that is
 * not here cannot be written.
 */
public sealed interface RunState {

  RunStateName name();

  /** A legal move from one state to the next. */
  record Move(RunStateName from, RunStateName to) {}

  /** Waits for its target, or is being planned. */
  record Requested() implements RunState {
    public Move planned() {
      return new Move(name(), RunStateName.PLANNED);
    }

    public Move rejected() {
      return new Move(name(), RunStateName.REJECTED);
    }

    public Move cancelled() {
      return new Move(name(), RunStateName.CANCELLED);
    }

    @Override
    public RunStateName name() {
      return RunStateName.REQUESTED;
    }
  }

  /** Knows what it will do. */
  record Planned() implements RunState {
    public Move validating() {
      return new Move(name(), RunStateName.VALIDATING);
    }

    public Move rejected() {
      return new Move(name(), RunStateName.REJECTED);
    }

    public Move cancelled() {
      return new Move(name(), RunStateName.CANCELLED);
    }

    @Override
    public RunStateName name() {
      return RunStateName.PLANNED;
    }
  }

  /** Waits for the validation before the change. */
  record Validating() implements RunState {
    public Move backingUp() {
      return new Move(name(), RunStateName.BACKING_UP);
    }

    public Move rejected() {
      return new Move(name(), RunStateName.REJECTED);
    }

    public Move cancelled() {
      return new Move(name(), RunStateName.CANCELLED);
    }

    /** Only asked to validate. */
    public Move completed() {
      return new Move(name(), RunStateName.COMPLETED);
    }

    @Override
    public RunStateName name() {
      return RunStateName.VALIDATING;
    }
  }

  /** Writes its way back. */
  record BackingUp() implements RunState {
    public Move applying() {
      return new Move(name(), RunStateName.APPLYING);
    }

    /** Asked to take back what an earlier run did. */
    public Move rollingBack() {
      return new Move(name(), RunStateName.ROLLING_BACK);
    }

    public Move failed() {
      return new Move(name(), RunStateName.FAILED);
    }

    public Move cancelled() {
      return new Move(name(), RunStateName.CANCELLED);
    }

    @Override
    public RunStateName name() {
      return RunStateName.BACKING_UP;
    }
  }

  /** Changes the target. */
  record Applying() implements RunState {
    public Move verifying() {
      return new Move(name(), RunStateName.VERIFYING);
    }

    public Move rollingBack() {
      return new Move(name(), RunStateName.ROLLING_BACK);
    }

    /** Nothing of it was committed. */
    public Move cancelled() {
      return new Move(name(), RunStateName.CANCELLED);
    }

    /**
     * A script failed or was cancelled, and its transaction is gone; what was applied before it
     * stays.
     */
    public Move failed() {
      return new Move(name(), RunStateName.FAILED);
    }

    @Override
    public RunStateName name() {
      return RunStateName.APPLYING;
    }
  }

  /** Waits for the validation after the change. */
  record Verifying() implements RunState {
    public Move completed() {
      return new Move(name(), RunStateName.COMPLETED);
    }

    public Move rollingBack() {
      return new Move(name(), RunStateName.ROLLING_BACK);
    }

    /** The validation failed, and the request said not to take the change back. */
    public Move failed() {
      return new Move(name(), RunStateName.FAILED);
    }

    @Override
    public RunStateName name() {
      return RunStateName.VERIFYING;
    }
  }

  /** Takes its change back. */
  record RollingBack() implements RunState {
    public Move rolledBack() {
      return new Move(name(), RunStateName.ROLLED_BACK);
    }

    public Move rollbackFailed() {
      return new Move(name(), RunStateName.ROLLBACK_FAILED);
    }

    @Override
    public RunStateName name() {
      return RunStateName.ROLLING_BACK;
    }
  }

  /** Has ended; there is no move from here. */
  record Ended(RunStateName name) implements RunState {
    public Ended {
      if (!name.terminal()) {
        throw new IllegalArgumentException(name + " is not the end of a run");
      }
    }
  }

  static RunState of(RunStateName name) {
    return switch (name) {
      case REQUESTED -> new Requested();
      case PLANNED -> new Planned();
      case VALIDATING -> new Validating();
      case BACKING_UP -> new BackingUp();
      case APPLYING -> new Applying();
      case VERIFYING -> new Verifying();
      case ROLLING_BACK -> new RollingBack();
      case COMPLETED, REJECTED, FAILED, CANCELLED, ROLLED_BACK, ROLLBACK_FAILED -> new Ended(name);
    };
  }
}

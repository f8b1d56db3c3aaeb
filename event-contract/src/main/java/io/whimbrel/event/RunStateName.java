package io.whimbrel.event;

/** The states of a run, as they are named in events and answers. */
public enum RunStateName {
  REQUESTED,
  PLANNED,
  VALIDATING,
  BACKING_UP,
  APPLYING,
  VERIFYING,
  ROLLING_BACK,
  COMPLETED,
  REJECTED,
  FAILED,
  CANCELLED,
  ROLLED_BACK,
  ROLLBACK_FAILED;

  /** Whether a run in this state has ended. */
  public boolean terminal() {
    return compareTo(COMPLETED) >= 0;
  }
}

package io.whimbrel.event;

/** How a rollback goes about it. */
public enum RollbackStrategy {
  /** The undo script where there is one, else a restore if nobody else wrote meanwhile. */
  AUTO,
  UNDO,
  RESTORE
}

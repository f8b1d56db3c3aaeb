package io.whimbrel.executor.backup;

/** A backup that could not be written. Nothing of it is left. */
public final class BackupFailed extends Exception {
  private final Reason reason;

  /** What stood in the way. */
  public enum Reason {
    /** The table was dropped, or never was there. */
    TABLE_GONE,
    /** Someone holds a table so that it cannot even be read. */
    LOCKED,
    /** The role may not read a table. */
    RIGHTS,
    /** The disk is full, the directory cannot be written, ... */
    STORAGE,
    /** The database refused or broke off. */
    DATABASE,
    /** The structure cannot be written as a script. */
    SCHEMA,
    /** What was copied is not what was counted in the same snapshot. */
    INCOMPLETE,
    CANCELLED
  }

  BackupFailed(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  BackupFailed(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}

package io.whimbrel.executor.backup;

/** A backup that must not be restored, and which of its files is why. */
public final class BackupInvalid extends Exception {
  private final Reason reason;

  /** What is wrong with it. */
  public enum Reason {
    /** A file is not there. */
    MISSING,
    /** A file is not the one that was written: changed, swapped or cut short. */
    CHANGED,
    /** A file holds another number of rows than the manifest says. */
    ROWS,
    /** The manifest is not one that this version writes. */
    MANIFEST,
    /** It is the backup of another database. */
    FOREIGN,
    /** It is encrypted with a key that is not known. */
    KEY,
    /** A file is there that the manifest does not name. */
    UNKNOWN_FILE,
    UNREADABLE,
    /** The store of backups does not answer or refuses, so nothing is known of the backup. */
    UNAVAILABLE,
    /** Loaded into an empty database, it does not make there what it is a backup of. */
    NOT_RESTORABLE
  }

  BackupInvalid(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  BackupInvalid(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}

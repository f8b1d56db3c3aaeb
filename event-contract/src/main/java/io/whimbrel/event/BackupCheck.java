package io.whimbrel.event;

/** What a backup is put through before it counts, the weakest first. */
public enum BackupCheck {
  /** Every byte is read back and compared with what was written. */
  READ,
  /** It is also loaded into a scratch database, and rows and structure are compared. */
  RESTORE;

  /** The one that asks for more. */
  public BackupCheck orStronger(BackupCheck other) {
    return compareTo(other) < 0 ? other : this;
  }
}

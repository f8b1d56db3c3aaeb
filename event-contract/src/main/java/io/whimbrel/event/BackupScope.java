package io.whimbrel.event;

/** How much a run backs up. */
public enum BackupScope {
  /** The tables that it touches. */
  TOUCHED,
  /** The whole database. A rollback still restores only what the run touched. */
  DATABASE
}

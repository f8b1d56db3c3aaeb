package io.whimbrel.executor.run;

/** How far a migration has come in its run. */
public enum MigrationState {
  PENDING,
  APPLYING,
  APPLIED,
  FAILED,
  UNDONE
}

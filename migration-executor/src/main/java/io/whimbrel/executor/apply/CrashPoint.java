package io.whimbrel.executor.apply;

import org.jspecify.annotations.Nullable;

/**
 * The durable writes of the engine, and of the step that runs it. A process may die just before
 * each of them and just after it; tests let it die there and look at what the next attempt makes of
 * it. Otherwise passing a point does nothing.
 */
public enum CrashPoint {
  /** The schema of ours in the target, with the fence and the checkpoints. */
  OWN_SCHEMA,
  /** The token in the fence. */
  TOKEN,
  /** The schema history, empty or with its baseline. */
  HISTORY_TABLE,
  /** Rows of the schema history that are brought in line with the files. */
  HISTORY_REPAIR,
  /** The first transaction of a script that has several, with its first checkpoint. */
  FIRST_CHECKPOINT,
  /** A statement of a stepwise script that can run in a transaction, with its checkpoint. */
  STEP,
  /** A setting of a stepwise script that was interrupted, in the new session. */
  SETTING_AGAIN,
  /** The checkpoint that says that a statement outside a transaction may have begun. */
  STATEMENT_BEGUN,
  /** Such a statement itself. */
  STATEMENT_OUTSIDE,
  /** The checkpoint that says that it is done. */
  STATEMENT_DONE,
  /** The checkpoint that says that it failed and has left nothing. */
  STATEMENT_FAILED,
  /** The removal of what such a statement left behind. */
  LEFTOVER_REMOVED,
  /** A batch, with its checkpoint. */
  BATCH,
  /** What the caller stores of a script's last transaction. */
  TRANSACTION_NAMED,
  /** The last transaction of a script, or its only one, with the history row. */
  LAST_COMMIT,
  /** A callback outside a script. */
  CALLBACK,
  /** A restore, with what the schema history says of it. */
  RESTORED,
  /** The claim of a run by a step, in the control database, as everything that follows. */
  CLAIM,
  /** What a run notes of its migrations. */
  MIGRATION_STATE,
  /** That a run can no more be cancelled, or can be again. */
  SEAL,
  /** What a user wants of a run. */
  WISH,
  /** How far a run has come within its state. */
  PROGRESS,
  /** The end of a step between two batches. */
  STEP_PAUSED,
  /** A backup that was written and read back. */
  BACKUP_TAKEN,
  /** How a run is going to be taken back. */
  ROLLBACK_DECIDED,
  /** The end of a step, with the state that the run is in from then on. */
  RUN_STATE;

  private static volatile @Nullable Death armed;

  /** What happens at a point. */
  @FunctionalInterface
  interface Death {
    void at(CrashPoint point, boolean after);
  }

  /** The write is about to be made. */
  public void before() {
    passed(false);
  }

  /** The write has been made. */
  public void after() {
    passed(true);
  }

  /** For tests: what happens at the points from now on; null for nothing. */
  static void arm(@Nullable Death death) {
    armed = death;
  }

  private void passed(boolean after) {
    Death death = armed;
    if (death != null) {
      death.at(this, after);
    }
  }
}

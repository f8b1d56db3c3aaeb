package io.whimbrel.executor.catalog;

/**
 * When a callback runs. Those of a run have a transaction each, those of a script share its own.
 */
public enum Moment {
  /** The target is ours, and nothing has changed yet. */
  AFTER_CONNECT,
  /** The run has been checked, and nothing has changed yet. */
  BEFORE_VALIDATE,
  AFTER_VALIDATE,
  CREATE_SCHEMA,
  BEFORE_CREATE_SCHEMA,
  /** Before the first script of a run, also if there is none. */
  BEFORE_MIGRATE,
  /** In the script's transaction, before its first statement. */
  BEFORE_EACH_MIGRATE,
  /** Before each statement of a script, in its transaction. */
  BEFORE_EACH_MIGRATE_STATEMENT,
  /** After each statement of a script that succeeded, in its transaction. */
  AFTER_EACH_MIGRATE_STATEMENT,
  /** After the rollback of a statement that failed, in a transaction of its own. */
  AFTER_EACH_MIGRATE_STATEMENT_ERROR,
  /** In the script's transaction, after its last statement. */
  AFTER_EACH_MIGRATE,
  /** After the rollback of a script that failed, in a transaction of its own. */
  AFTER_EACH_MIGRATE_ERROR,
  /** After the last versioned script, also if there was none. */
  AFTER_VERSIONED,
  /** Before the first repeatable script, if there is one. */
  BEFORE_REPEATABLES,
  /** After a run that applied something. */
  AFTER_MIGRATE_APPLIED,
  /** After a run. */
  AFTER_MIGRATE,
  /** After a run that failed. */
  AFTER_MIGRATE_ERROR,
  AFTER_MIGRATE_OPERATION_FINISH
}

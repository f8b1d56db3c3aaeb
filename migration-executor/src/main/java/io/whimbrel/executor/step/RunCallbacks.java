package io.whimbrel.executor.step;

import io.whimbrel.event.RunError;
import io.whimbrel.executor.apply.ApplyResult;
import io.whimbrel.executor.apply.ScriptRunner;
import io.whimbrel.executor.apply.StaleFence;
import io.whimbrel.executor.apply.TargetLost;
import io.whimbrel.executor.catalog.Migration;
import io.whimbrel.executor.catalog.Moment;
import io.whimbrel.executor.run.RunMigration;
import java.util.List;
import java.util.Optional;

/**
 * The callbacks of one attempt at a run, from {@code beforeMigrate} to {@code afterMigrate}. One
 * that fails ends the run as a script would; what was applied before it stays.
 */
final class RunCallbacks {
  private final ScriptRunner runner;
  private boolean repeatables;

  RunCallbacks(ScriptRunner runner) {
    this.runner = runner;
  }

  Optional<RunError> begin() throws TargetLost, StaleFence {
    return at(
        Moment.AFTER_CONNECT,
        Moment.BEFORE_VALIDATE,
        Moment.AFTER_VALIDATE,
        Moment.CREATE_SCHEMA,
        Moment.BEFORE_CREATE_SCHEMA,
        Moment.BEFORE_MIGRATE);
  }

  /** Before a script, which may be the first repeatable one. */
  Optional<RunError> before(RunMigration migration) throws TargetLost, StaleFence {
    if (!isFirstRepeatable(migration)) {
      return Optional.empty();
    }
    repeatables = true;
    return at(Moment.AFTER_VERSIONED, Moment.BEFORE_REPEATABLES);
  }

  /** Whether {@link #before} has nothing to run. */
  boolean nothingBefore(RunMigration migration) {
    return !isFirstRepeatable(migration)
        || !(runner.hasCallbacks(Moment.AFTER_VERSIONED)
            || runner.hasCallbacks(Moment.BEFORE_REPEATABLES));
  }

  private boolean isFirstRepeatable(RunMigration migration) {
    return !repeatables && migration.kind().equals(Migration.Kind.REPEATABLE.name());
  }

  Optional<RunError> end(List<RunMigration> applied) throws TargetLost, StaleFence {
    Optional<RunError> error = repeatables ? Optional.empty() : at(Moment.AFTER_VERSIONED);
    if (error.isEmpty() && !applied.isEmpty()) {
      error = at(Moment.AFTER_MIGRATE_APPLIED);
    }
    return error.isPresent()
        ? error
        : at(Moment.AFTER_MIGRATE, Moment.AFTER_MIGRATE_OPERATION_FINISH);
  }

  /** The error as it is to be told, after the callbacks that wait for one. */
  RunError failed(RunError error) throws TargetLost, StaleFence {
    Optional<RunError> another = at(Moment.AFTER_MIGRATE_ERROR);
    return another.isEmpty()
        ? error
        : new RunError(
            error.message() + "; after that " + another.get().message(),
            error.sqlState(),
            error.script(),
            error.line(),
            error.statement(),
            error.blockers());
  }

  private Optional<RunError> at(Moment... moments) throws TargetLost, StaleFence {
    for (Moment moment : moments) {
      ApplyResult result = runner.callbacks(moment);
      if (result instanceof ApplyResult.Failed failed) {
        return Optional.of(Applying.error(failed.failure()));
      }
      if (result instanceof ApplyResult.Cancelled) {
        throw new RunCancelled();
      }
    }
    return Optional.empty();
  }
}

package io.whimbrel.executor.apply;

import io.whimbrel.executor.catalog.Refusal;
import io.whimbrel.executor.catalog.Script;
import io.whimbrel.executor.catalog.Statement;
import io.whimbrel.executor.catalog.StatementReader;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A script with statements that PostgreSQL refuses inside a transaction. A statement that can run
 * in one does, with its checkpoint; any other is an {@link OutsideStatement}. What the script sets
 * holds for the statements after it. The last transaction holds the verify queries and the history
 * row.
 */
final class StepwiseScript {

  private final Application application;
  private final Script script;
  private final Connection connection;
  private final Pieces pieces;
  private final StepwiseFigures figures = new StepwiseFigures();
  private final long began = System.nanoTime();

  StepwiseScript(Application application) {
    this.application = application;
    this.pieces = new Pieces(application);
    this.script = application.script();
    this.connection = application.session().connection();
  }

  /**
   * Looks at a script without a database.
   *
   * @throws Refusal if an index of it has no name to find it by after an interruption, or it is
   *     mixed and nobody has said that each statement may be committed by itself
   */
  static void check(Script script) {
    boolean asked = !script.migration().config().executeInTransaction();
    try (StatementReader statements = script.statements()) {
      while (statements.hasNext()) {
        Statement statement = statements.next();
        if (Script.refusesTransaction(statement)) {
          Aftermath.of(script, statement);
        }
        if (!asked && !Script.refusesTransaction(statement) && !harmless(statement)) {
          throw mixed(script, statement);
        }
      }
    }
  }

  private static boolean harmless(Statement statement) {
    return statement.begins("SET") || statement.begins("RESET");
  }

  private static Refusal mixed(Script script, Statement statement) {
    return new Refusal(
        script.migration().script()
            + " line "
            + statement.line()
            + ": this statement would be committed by itself, as the script has others that cannot"
            + " run in a transaction; move it to a script of its own, or accept that by"
            + " executeInTransaction=false in the script's .conf file");
  }

  ApplyResult apply() throws TargetLost, StaleFence {
    Attempts.Outcome<Optional<Checkpoint>> start = pieces.run(this::start);
    if (start.ended() != null || start.value() == null) {
      return Attempts.ended(start.ended());
    }
    if (start.value().isEmpty()) {
      return new ApplyResult.AlreadyApplied();
    }
    try (StatementReader statements = script.statements()) {
      return steps(statements, start.value().get());
    }
  }

  private ApplyResult steps(StatementReader statements, Checkpoint begin)
      throws TargetLost, StaleFence {
    Checkpoint checkpoint = begin;
    while (statements.hasNext()) {
      Statement statement = statements.next();
      boolean before = statement.number() <= checkpoint.statement();
      if (before && !harmless(statement)) {
        continue;
      }
      Checkpoint from = checkpoint;
      Attempts.Outcome<Checkpoint> step;
      if (before) {
        step = pieces.run((tx, lockTimeout) -> again(tx, lockTimeout, statement, from));
      } else if (standsAlone(statement)) {
        step = alone(statement, from);
      } else {
        step = pieces.run((tx, lockTimeout) -> inTransaction(tx, lockTimeout, statement, from));
      }
      if (step.ended() != null || step.value() == null) {
        return Attempts.ended(step.ended());
      }
      checkpoint = step.value();
    }
    Checkpoint last = checkpoint;
    Attempts.Outcome<ApplyResult> end = pieces.run((tx, lockTimeout) -> end(tx, lockTimeout, last));
    return Attempts.ended(end.ended() == null ? end.value() : end.ended());
  }

  // A procedure or a block may commit by itself, which only works outside a transaction.
  private boolean standsAlone(Statement statement) {
    boolean mayCommit = statement.begins("CALL") || statement.begins("DO");
    return Script.refusesTransaction(statement)
        || (mayCommit && !script.migration().config().executeInTransaction());
  }

  private Optional<Checkpoint> start(ScriptTransaction transaction, Duration lockTimeout)
      throws SQLException, StaleFence {
    transaction.begin(lockTimeout);
    if (application.history().has(connection, script)) {
      return Optional.empty();
    }
    transaction.afterBegin();
    Checkpoint checkpoint = Checkpoints.find(connection, script).orElse(Checkpoint.NONE);
    Checkpoints.write(connection, script, checkpoint);
    transaction.commit(CrashPoint.FIRST_CHECKPOINT);
    application.session().keepSettings(lockTimeout, application.timeouts());
    return Optional.of(checkpoint);
  }

  private @Nullable Checkpoint inTransaction(
      ScriptTransaction transaction, Duration lockTimeout, Statement statement, Checkpoint from)
      throws SQLException, StaleFence {
    transaction.beginNext(lockTimeout);
    long rows = transaction.run(statement);
    Checkpoint done = from.done(statement.number(), rows);
    transaction.asOurselves();
    Checkpoints.write(connection, script, done);
    return transaction.commit(CrashPoint.STEP) ? noted(transaction, done) : null;
  }

  // What the script sets went with the session that was interrupted.
  private static @Nullable Checkpoint again(
      ScriptTransaction transaction, Duration lockTimeout, Statement statement, Checkpoint from)
      throws SQLException, StaleFence {
    transaction.beginNext(lockTimeout);
    transaction.runAlone(statement);
    return transaction.commit(CrashPoint.SETTING_AGAIN) ? from : null;
  }

  private Attempts.Outcome<Checkpoint> alone(Statement statement, Checkpoint from)
      throws TargetLost, StaleFence {
    OutsideStatement outside = new OutsideStatement(application, statement, from);
    return pieces.run(
        (transaction, lockTimeout) -> {
          Checkpoint done = outside.attempt(transaction, lockTimeout);
          return done == null ? null : noted(transaction, done);
        });
  }

  private Checkpoint noted(ScriptTransaction committed, Checkpoint done) {
    figures.committed(committed);
    return done;
  }

  private ApplyResult end(ScriptTransaction transaction, Duration lockTimeout, Checkpoint last)
      throws SQLException, StaleFence {
    transaction.beginNext(lockTimeout);
    transaction.asOurselves();
    Optional<String> broken = transaction.verify();
    if (broken.isPresent()) {
      return new ApplyResult.Failed(transaction.failure(broken.get()));
    }
    Duration executionTime = Duration.ofNanos(System.nanoTime() - began);
    Checkpoints.clear(connection, script.migration().script());
    transaction.record(executionTime);
    return transaction.commitLast()
        ? new ApplyResult.Applied(
            executionTime, last.affected(), pieces.lockWait(), figures.all(transaction))
        : new ApplyResult.Cancelled();
  }
}

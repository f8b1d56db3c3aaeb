package io.whimbrel.executor.apply;

import io.whimbrel.executor.catalog.Moment;
import io.whimbrel.executor.catalog.Script;
import io.whimbrel.executor.catalog.Statement;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A statement of a stepwise script that PostgreSQL refuses in a transaction. A checkpoint says that
 * it may have begun, another that it is done, or that it has failed and left nothing. If the
 * process dies in between, the next attempt finds the first one, and its {@link Aftermath} says
 * what to do. The callbacks around it are in the transactions of the first two; if the statement is
 * tried again after a failure, they run again.
 */
final class OutsideStatement {

  private final Application application;
  private final Script script;
  private final Statement statement;
  private final Connection connection;
  private final Aftermath aftermath;
  private final Checkpoint from;
  private boolean begun;

  /**
   * @param from where the script is
   */
  OutsideStatement(Application application, Statement statement, Checkpoint from) {
    this.application = application;
    this.script = application.script();
    this.statement = statement;
    this.connection = application.session().connection();
    this.aftermath = Aftermath.of(script, statement);
    this.from = from;
    this.begun = from.started();
  }

  /** An attempt; null if it was cancelled before it began. */
  @Nullable Checkpoint attempt(ScriptTransaction transaction, Duration lockTimeout)
      throws SQLException, StaleFence {
    if (concurrently()) {
      transaction.at(statement);
      StatementRun.attended(application, this::waited);
    }
    if (!begin(transaction, lockTimeout)) {
      return null;
    }
    Checkpoint done = from.done(statement.number(), run(transaction, lockTimeout));
    end(transaction, lockTimeout, done);
    return done;
  }

  private boolean begin(ScriptTransaction transaction, Duration lockTimeout)
      throws SQLException, StaleFence {
    transaction.beginNext(lockTimeout);
    transaction.at(statement);
    if (!begun) {
      transaction.callbacks(Moment.BEFORE_EACH_MIGRATE_STATEMENT);
    }
    transaction.asOurselves();
    Checkpoints.write(connection, script, from.starting());
    return transaction.commit(CrashPoint.STATEMENT_BEGUN);
  }

  // It is done, whether or not someone has cancelled meanwhile.
  private void end(ScriptTransaction transaction, Duration lockTimeout, Checkpoint done)
      throws SQLException, StaleFence {
    if (application.callbacks().at(Moment.AFTER_EACH_MIGRATE_STATEMENT).isEmpty()) {
      note(done, CrashPoint.STATEMENT_DONE);
      return;
    }
    transaction.beginNext(lockTimeout);
    transaction.callbacks(Moment.AFTER_EACH_MIGRATE_STATEMENT);
    transaction.asOurselves();
    Checkpoints.write(connection, script, done);
    application.session().commit(CrashPoint.STATEMENT_DONE);
  }

  private long run(ScriptTransaction transaction, Duration lockTimeout)
      throws SQLException, StaleFence {
    try {
      return StatementRun.attended(application, () -> attended(transaction, lockTimeout));
    } catch (SQLException e) {
      if (!SqlStates.lost(e)) {
        failed(e);
      }
      throw aftermath.commitsByItself() ? new OwnCommits.NotRepeated(e) : e;
    }
  }

  private long attended(ScriptTransaction transaction, Duration lockTimeout) throws SQLException {
    lockTimeout(lockTimeout);
    if (begun && aftermath.settled(connection)) {
      return 0;
    }
    boolean repeated = begun;
    begun = true;
    aftermath.prepare(connection);
    // It holds up no reader or writer while it waits, and waits for every older transaction.
    lockTimeout(concurrently() ? Duration.ZERO : lockTimeout);
    try {
      CrashPoint.STATEMENT_OUTSIDE.before();
      long rows = transaction.runAlone(statement);
      CrashPoint.STATEMENT_OUTSIDE.after();
      aftermath.require(connection);
      return rows;
    } catch (SQLException e) {
      if (repeated && aftermath.saysDone(e)) {
        return 0;
      }
      throw e;
    }
  }

  // A failure that the server told has left nothing that is not removed here, so what a later
  // attempt finds is not the work of this one; unless that could not be removed.
  private void failed(SQLException e) throws SQLException, StaleFence {
    try {
      lockTimeout(application.timeouts().lock());
      aftermath.clean(connection);
    } catch (SQLException left) {
      e.addSuppressed(left);
      return;
    }
    begun = false;
    note(from.done(from.statement(), 0), CrashPoint.STATEMENT_FAILED);
  }

  private boolean waited() throws SQLException {
    OldTransactions.await(application);
    return true;
  }

  private boolean concurrently() {
    return statement.head().stream().anyMatch(token -> token.is("CONCURRENTLY"));
  }

  private void lockTimeout(Duration time) throws SQLException {
    Sql.set(connection, "lock_timeout", time.toMillis() + "ms", false);
  }

  private void note(Checkpoint checkpoint, CrashPoint point) throws SQLException, StaleFence {
    application.session().begin();
    Checkpoints.write(connection, script, checkpoint);
    application.session().wal().countAtCommit();
    application.session().commit(point);
  }
}

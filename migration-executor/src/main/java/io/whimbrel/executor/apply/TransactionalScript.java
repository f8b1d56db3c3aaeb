package io.whimbrel.executor.apply;

import io.whimbrel.executor.catalog.StatementReader;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/**
 * A script, its verify queries and its history row in one transaction: all of it, or nothing. A
 * script without long texts, COPY data or queries is one message, and COMMIT another one.
 */
final class TransactionalScript {

  private final Application application;
  private final ScriptTransaction transaction;
  private final Attempts attempts;

  TransactionalScript(Application application) {
    this.application = application;
    this.transaction = new ScriptTransaction(application);
    this.attempts = new Attempts(application);
  }

  ApplyResult apply() throws TargetLost, StaleFence {
    return attempts.result(transaction, this::attempt);
  }

  private ApplyResult attempt(Duration lockTimeout) throws SQLException, StaleFence {
    long began = System.nanoTime();
    if (application.history().has(application.session().connection(), application.script())) {
      return new ApplyResult.AlreadyApplied();
    }
    transaction.open(lockTimeout);
    transaction.afterBegin();
    try (StatementReader statements = application.script().statements()) {
      while (statements.hasNext()) {
        transaction.add(statements.next());
      }
    }
    Optional<String> broken = transaction.verify();
    if (broken.isPresent()) {
      return new ApplyResult.Failed(transaction.failure(broken.get()));
    }
    transaction.record();
    Duration executionTime = Duration.ofNanos(System.nanoTime() - began);
    return transaction.commitLast()
        ? new ApplyResult.Applied(
            executionTime, transaction.rows(), attempts.lockWait(), transaction.slowest().inOrder())
        : new ApplyResult.Cancelled();
  }
}

package io.whimbrel.executor.apply;

import io.whimbrel.executor.catalog.StatementReader;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/** A callback in a transaction of its own, without a row in the history: all of it, or nothing. */
final class CallbackScript {

  private final Application application;
  private final ScriptTransaction transaction;
  private final Attempts attempts;

  CallbackScript(Application application) {
    this.application = application;
    this.transaction = new ScriptTransaction(application);
    this.attempts = new Attempts(application);
  }

  ApplyResult apply() throws TargetLost, StaleFence {
    return attempts.result(transaction, this::attempt);
  }

  private ApplyResult attempt(Duration lockTimeout) throws SQLException, StaleFence {
    long began = System.nanoTime();
    transaction.begin(lockTimeout);
    try (StatementReader statements = application.script().statements()) {
      while (statements.hasNext()) {
        transaction.run(statements.next());
      }
    }
    Duration time = Duration.ofNanos(System.nanoTime() - began);
    return transaction.commit(CrashPoint.CALLBACK)
        ? new ApplyResult.Applied(time, transaction.rows(), attempts.lockWait(), List.of())
        : new ApplyResult.Cancelled();
  }
}

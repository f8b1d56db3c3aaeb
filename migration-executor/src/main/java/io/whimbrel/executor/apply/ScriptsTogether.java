package io.whimbrel.executor.apply;

import io.whimbrel.executor.catalog.Migration;
import io.whimbrel.executor.catalog.Moment;
import io.whimbrel.executor.catalog.Refusal;
import io.whimbrel.executor.catalog.Script;
import io.whimbrel.executor.catalog.StatementReader;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Scripts in one transaction, with the callbacks around and between them: all of them are there
 * with their history rows, or nothing is. The end of one and the begin of the next share a message.
 * What can be deferred is checked at the end of each script.
 */
final class ScriptsTogether {

  private final Application whole;
  private final List<Application> parts;
  private final ScriptTransaction transaction;
  private final Attempts attempts;

  /**
   * @param whole whose hooks and listener concern all of them
   * @param parts the scripts, and the callbacks between them, in their order
   */
  ScriptsTogether(Application whole, List<Application> parts) {
    this.whole = whole;
    this.parts = List.copyOf(parts);
    this.transaction = new ScriptTransaction(whole);
    this.attempts = new Attempts(whole);
  }

  /**
   * Looks at scripts without a database.
   *
   * @throws Refusal naming one that cannot share a transaction
   */
  static void check(List<Script> scripts) {
    for (Script script : scripts) {
      boolean batched = script.headers().batch().isPresent();
      if (batched || !script.transactional()) {
        throw new Refusal(
            script.migration().script()
                + (batched ? " runs in batches, each" : " has to run outside a transaction, or")
                + (batched
                    ? " in a transaction of its own"
                    : " asks for it by executeInTransaction=false")
                + ", so the plan cannot be one transaction; leave out atomic, or give the script a"
                + " run of its own");
      }
    }
  }

  AppliedTogether apply() throws TargetLost, StaleFence {
    ApplyResult result = attempts.result(transaction, this::attempt);
    return new AppliedTogether(
        result,
        result instanceof ApplyResult.Applied
            ? scripts().stream().map(part -> transaction.tally(part).applied()).toList()
            : List.of());
  }

  private ApplyResult attempt(Duration lockTimeout) throws SQLException, StaleFence {
    long began = System.nanoTime();
    List<Script> recorded = new ArrayList<>();
    List<Application> pending = pending();
    if (pending.stream().allMatch(ScriptsTogether::isCallback)) {
      return new ApplyResult.AlreadyApplied();
    }
    transaction.open(lockTimeout);
    transaction.afterBegin();
    for (Application part : pending) {
      transaction.turnTo(part, part.script().headers().timeouts().lock().orElse(lockTimeout));
      Optional<String> broken = run(part, recorded);
      if (broken.isPresent()) {
        return new ApplyResult.Failed(transaction.failure(broken.get()));
      }
    }
    transaction.flush();
    transaction.turnTo(whole, null);
    Duration executionTime = Duration.ofNanos(System.nanoTime() - began);
    return transaction.commitLast(recorded)
        ? new ApplyResult.Applied(executionTime, rows(), attempts.lockWait(), List.of())
        : new ApplyResult.Cancelled();
  }

  private Optional<String> run(Application part, List<Script> recorded) throws SQLException {
    transaction.callbacks(Moment.BEFORE_EACH_MIGRATE);
    try (StatementReader statements = part.script().statements()) {
      while (statements.hasNext()) {
        transaction.add(statements.next());
      }
    }
    if (isCallback(part)) {
      transaction.takeBack();
      return Optional.empty();
    }
    Optional<String> broken = transaction.verify();
    if (broken.isEmpty()) {
      transaction.recordFurther(recorded.size());
      recorded.add(part.script());
    }
    return broken;
  }

  private List<Application> pending() throws SQLException {
    List<Application> pending = new ArrayList<>();
    for (Application part : parts) {
      if (isCallback(part) || !whole.history().has(whole.session().connection(), part.script())) {
        pending.add(part);
      }
    }
    return pending;
  }

  private List<Application> scripts() {
    return parts.stream().filter(part -> !isCallback(part)).toList();
  }

  private long rows() {
    return scripts().stream().mapToLong(part -> transaction.tally(part).applied().rows()).sum();
  }

  private static boolean isCallback(Application part) {
    return part.script().migration().kind() == Migration.Kind.CALLBACK;
  }
}

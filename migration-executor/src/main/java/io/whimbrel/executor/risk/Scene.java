package io.whimbrel.executor.risk;

import io.whimbrel.event.TableName;
import io.whimbrel.executor.rehearsal.facts.Changes;
import io.whimbrel.executor.rehearsal.facts.LockMode;
import io.whimbrel.executor.rehearsal.facts.LockTaken;
import io.whimbrel.executor.rehearsal.facts.ScriptFacts;
import io.whimbrel.executor.rehearsal.facts.StatementFacts;
import io.whimbrel.executor.rehearsal.facts.Work;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A statement, and what is around it.
 *
 * @param before the statements before it in the same transaction
 * @param run all scripts of the run
 */
record Scene(
    ScriptFacts script,
    StatementFacts statement,
    List<StatementFacts> before,
    List<ScriptFacts> run) {

  Changes changes() {
    return statement.changes();
  }

  /** Whether the statement has such work with a table. */
  boolean has(Work.Kind kind, TableName onTarget) {
    return statement.work().stream()
        .anyMatch(work -> work.kind() == kind && work.table().equals(onTarget));
  }

  /** The strongest lock that the transaction has on a table by the end of the statement. */
  Optional<LockMode> lock(TableName onTarget) {
    return Stream.concat(before.stream(), Stream.of(statement))
        .flatMap(one -> one.locks().stream())
        .filter(lock -> lock.table().equals(onTarget) && lock.index() == null)
        .map(LockTaken::mode)
        .max(LockMode::compareTo);
  }

  /** Tables that the transaction held before the statement so that nobody could read or write. */
  Stream<TableName> heldExclusively() {
    return exclusive(before);
  }

  /** Tables that the statement itself locks so. */
  Stream<TableName> locksExclusively() {
    return exclusive(List.of(statement));
  }

  private static Stream<TableName> exclusive(List<StatementFacts> statements) {
    return statements.stream()
        .flatMap(one -> one.locks().stream())
        .filter(lock -> lock.mode().blocksReaders() && lock.index() == null)
        .map(LockTaken::table)
        .distinct();
  }

  /** Every statement of the run. */
  Stream<StatementFacts> statements() {
    return run.stream().flatMap(one -> one.statements().stream());
  }
}

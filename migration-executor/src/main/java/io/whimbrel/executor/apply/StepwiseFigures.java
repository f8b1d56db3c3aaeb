package io.whimbrel.executor.apply;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The figures of the statements of a stepwise script. How much the session has written, the first
 * message of a transaction asks along with the rest; so what a statement wrote is known when the
 * transaction after it has begun.
 */
final class StepwiseFigures {
  private final SlowestStatements slowest = new SlowestStatements();
  private List<StatementFigures> last = List.of();
  private @Nullable Long before;

  /** A piece of the script is committed. */
  void committed(ScriptTransaction piece) {
    ended(piece);
    last = piece.slowest().inOrder();
    before = piece.writtenBeforeAttempt();
  }

  /** The last piece has begun; the figures of all before it. */
  List<StatementFigures> all(ScriptTransaction piece) {
    ended(piece);
    return slowest.inOrder();
  }

  private void ended(ScriptTransaction next) {
    Long after = next.writtenBefore();
    Long bytes = before == null || after == null ? null : Long.valueOf(after - before);
    last.forEach(statement -> slowest.add(statement.written(bytes)));
    last = List.of();
  }
}

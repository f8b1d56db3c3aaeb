package io.whimbrel.executor.rehearsal;

import io.whimbrel.executor.catalog.Statement;
import io.whimbrel.executor.catalog.Token;
import io.whimbrel.executor.rehearsal.facts.StatementFacts;
import java.util.ArrayList;
import java.util.List;

/**
 * The facts of a script's statements, those that go on and on in the same way told as one: a script
 * may be a hundred thousand INSERTs into a table.
 */
final class Series {
  /** As many are looked at; those that follow and begin with the same words are only counted. */
  private static final int ASKED = 20;

  private static final int SAME_WORDS = 5;

  private final List<StatementFacts> facts = new ArrayList<>();
  private List<String> beginning = List.of();

  /** Whether the statement is one more of the same; it is counted then. */
  boolean goesOn(Statement statement) {
    if (facts.isEmpty()
        || last().count() < ASKED
        || !statement.begins("INSERT")
        || !beginning(statement).equals(beginning)) {
      return false;
    }
    counted(last());
    return true;
  }

  void add(Statement statement, StatementFacts seen) {
    if (!facts.isEmpty() && repeats(last(), seen) && beginning(statement).equals(beginning)) {
      counted(last());
    } else {
      facts.add(seen);
    }
    beginning = beginning(statement);
  }

  List<StatementFacts> facts() {
    return List.copyOf(facts);
  }

  private StatementFacts last() {
    return facts.get(facts.size() - 1);
  }

  private void counted(StatementFacts last) {
    facts.set(
        facts.size() - 1,
        new StatementFacts(
            last.number(),
            last.line(),
            last.count() + 1,
            last.command(),
            last.inTransaction(),
            last.locksSeen(),
            last.lockTimeoutMs(),
            last.locks(),
            last.work(),
            last.writes(),
            last.truncated(),
            last.changes()));
  }

  private static boolean repeats(StatementFacts last, StatementFacts seen) {
    return last.command().equals(seen.command())
        && last.lockTimeoutMs() == seen.lockTimeoutMs()
        && last.writes().equals(seen.writes())
        && last.changes().isEmpty()
        && seen.changes().isEmpty()
        && seen.locks().isEmpty()
        && seen.work().isEmpty()
        && seen.truncated().isEmpty();
  }

  private static List<String> beginning(Statement statement) {
    return statement.head().stream().limit(SAME_WORDS).map(Token::text).toList();
  }
}

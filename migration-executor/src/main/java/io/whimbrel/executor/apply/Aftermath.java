package io.whimbrel.executor.apply;

import io.whimbrel.executor.catalog.Refusal;
import io.whimbrel.executor.catalog.Script;
import io.whimbrel.executor.catalog.Statement;
import io.whimbrel.executor.catalog.Token;
import io.whimbrel.executor.catalog.Token.Kind;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * What a statement outside a transaction may leave half done if it stops, and how that is put
 * right. The default is that of a statement that may simply run again, as VACUUM.
 */
interface Aftermath {

  /**
   * The aftermath of a statement.
   *
   * @throws Refusal if what it leaves could not be found again
   */
  static Aftermath of(Script script, Statement statement) {
    if (ConcurrentIndex.isMadeBy(statement)) {
      return ConcurrentIndex.of(script, statement);
    }
    if (ConcurrentReindex.isDoneBy(statement)) {
      return ConcurrentReindex.of(statement);
    }
    if (PendingDetach.isLeftBy(statement)) {
      return PendingDetach.of(statement);
    }
    if (statement.begins("CALL") || statement.begins("DO")) {
      return new OwnCommits();
    }
    return SingleObject.of(statement);
  }

  /**
   * Puts right what an attempt left of which nobody knows how it ended.
   *
   * @return whether the statement is done
   */
  default boolean settled(Connection connection) throws SQLException {
    return false;
  }

  /** Makes way for the statement, which runs next. */
  default void prepare(Connection connection) throws SQLException {}

  /** Makes sure of what a statement that succeeded has made. */
  default void require(Connection connection) throws SQLException {}

  /**
   * Removes what a statement that failed has left.
   *
   * @throws SQLException if something is left; the next attempt begins with {@link #settled}
   */
  default void clean(Connection connection) throws SQLException {}

  /** Whether this failure of a statement, after an attempt as above, says that it was done. */
  default boolean saysDone(SQLException e) {
    return false;
  }

  /** Whether a statement that failed can have left committed work that another attempt repeats. */
  default boolean commitsByItself() {
    return false;
  }

  /** A name with its qualification, as written, at a place among tokens. */
  static String name(List<Token> tokens, int at) {
    StringBuilder name = new StringBuilder(tokens.get(at).text());
    for (int next = at + 1;
        next + 1 < tokens.size() && tokens.get(next).text().equals(".");
        next += 2) {
      name.append('.').append(tokens.get(next + 1).text());
    }
    return name.toString();
  }

  /** The tokens outside parentheses. */
  static List<Token> outside(List<Token> tokens) {
    return tokens.stream()
        .filter(t -> t.depth() == 0 && t.kind() != Kind.OPEN && t.kind() != Kind.CLOSE)
        .toList();
  }
}

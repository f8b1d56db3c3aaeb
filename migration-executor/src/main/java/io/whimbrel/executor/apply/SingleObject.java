package io.whimbrel.executor.apply;

import io.whimbrel.executor.catalog.Statement;
import java.sql.SQLException;
import java.util.List;

/**
 * The one thing that a statement makes or removes as a whole. If an attempt was interrupted, that
 * it is there, or gone, says that the attempt had succeeded.
 *
 * @param sqlState of a statement that is run again after it had succeeded; empty if it may run
 *     again
 */
record SingleObject(String sqlState) implements Aftermath {

  private record Rule(String verb, String kind, String sqlState) {}

  private static final List<Rule> RULES =
      List.of(
          new Rule("CREATE", "DATABASE", "42P04"),
          new Rule("CREATE", "TABLESPACE", "42710"),
          new Rule("CREATE", "SUBSCRIPTION", "42710"),
          new Rule("DROP", "DATABASE", "3D000"),
          new Rule("DROP", "TABLESPACE", "42704"),
          new Rule("DROP", "SUBSCRIPTION", "42704"),
          new Rule("DROP", "INDEX", "42704"));

  static SingleObject of(Statement statement) {
    return new SingleObject(
        RULES.stream()
            .filter(rule -> statement.begins(rule.verb(), rule.kind()))
            .map(Rule::sqlState)
            .findFirst()
            .orElse(""));
  }

  @Override
  public boolean saysDone(SQLException e) {
    return SqlStates.of(e).equals(sqlState);
  }
}

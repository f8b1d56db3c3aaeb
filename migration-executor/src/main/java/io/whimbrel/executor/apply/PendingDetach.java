package io.whimbrel.executor.apply;

import io.whimbrel.executor.catalog.Statement;
import io.whimbrel.executor.catalog.Token;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A partition whose DETACH ... CONCURRENTLY was interrupted: neither attached nor detached, and in
 * the way of every other change to its table. It cannot be attached again, so it is detached.
 *
 * @param parent as written
 * @param partition as written
 */
record PendingDetach(String parent, String partition) implements Aftermath {

  private static final String PENDING =
      """
      select inhdetachpending from pg_catalog.pg_inherits
      where inhparent = to_regclass(?) and inhrelid = to_regclass(?)
      """;

  static boolean isLeftBy(Statement statement) {
    return statement.begins("ALTER", "TABLE")
        && statement.mentions("DETACH")
        && statement.mentions("CONCURRENTLY");
  }

  static PendingDetach of(Statement statement) {
    List<Token> tokens = statement.head();
    int table = 2;
    while (tokens.get(table).is("IF") || tokens.get(table).is("EXISTS")) {
      table++;
    }
    int detach = table;
    while (!tokens.get(detach).is("DETACH")) {
      detach++;
    }
    int first = tokens.get(table).is("ONLY") ? table + 1 : table;
    return new PendingDetach(Aftermath.name(tokens, first), Aftermath.name(tokens, detach + 2));
  }

  @Override
  public boolean settled(Connection connection) throws SQLException {
    String pending = pending(connection);
    if ("t".equals(pending)) {
      Sql.execute(
          connection, "alter table " + parent + " detach partition " + partition + " finalize");
    }
    return !"f".equals(pending);
  }

  @Override
  public void clean(Connection connection) throws SQLException {
    if ("t".equals(pending(connection))) {
      throw new SQLException(
          "the partition is neither attached nor detached", SqlStates.COMPLETION_UNKNOWN);
    }
  }

  private @Nullable String pending(Connection connection) throws SQLException {
    return Sql.text(connection, PENDING, parent, partition);
  }
}

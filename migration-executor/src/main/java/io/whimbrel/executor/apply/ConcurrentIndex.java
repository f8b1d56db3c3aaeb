package io.whimbrel.executor.apply;

import io.whimbrel.executor.catalog.Refusal;
import io.whimbrel.executor.catalog.Script;
import io.whimbrel.executor.catalog.Statement;
import io.whimbrel.executor.catalog.Token;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The index that a CREATE INDEX CONCURRENTLY makes, which an interruption leaves behind invalid:
 * never used, always kept up to date, and in the way of IF NOT EXISTS.
 *
 * @param name as written
 * @param table as written; the index is in its schema
 */
record ConcurrentIndex(String name, String table) {

  /**
   * The index of a statement; empty if it makes none concurrently.
   *
   * @throws Refusal if the index is not named
   */
  static Optional<ConcurrentIndex> of(Script script, Statement statement) {
    if (!statement.begins("CREATE", "INDEX", "CONCURRENTLY")
        && !statement.begins("CREATE", "UNIQUE", "INDEX", "CONCURRENTLY")) {
      return Optional.empty();
    }
    List<Token> tokens = statement.head();
    int next = tokens.get(1).is("UNIQUE") ? 4 : 3;
    if (tokens.get(next).is("IF")) {
      next += 3;
    }
    if (next + 2 >= tokens.size() || tokens.get(next).is("ON")) {
      throw new Refusal(
          script.migration().script()
              + " line "
              + statement.line()
              + ": an index that is built concurrently needs a name, by which it is found after an"
              + " interruption; name it");
    }
    String name = tokens.get(next).text();
    next += 2;
    if (tokens.get(next).is("ONLY")) {
      next++;
    }
    StringBuilder table = new StringBuilder(tokens.get(next).text());
    while (next + 2 < tokens.size() && tokens.get(next + 1).text().equals(".")) {
      table.append('.').append(tokens.get(next + 2).text());
      next += 2;
    }
    return Optional.of(new ConcurrentIndex(name, table.toString()));
  }

  boolean isValid(Connection connection) throws SQLException {
    return "t".equals(valid(connection));
  }

  boolean isInvalid(Connection connection) throws SQLException {
    return "f".equals(valid(connection));
  }

  /** Removes what an interrupted attempt left; does nothing to a valid index. */
  void dropIfInvalid(Connection connection) throws SQLException {
    String invalid = Sql.text(connection, FIND.formatted("not i.indisvalid"), table, name);
    if (invalid != null) {
      CrashPoint.LEFTOVER_REMOVED.before();
      Sql.execute(connection, "drop index concurrently if exists " + invalid);
      CrashPoint.LEFTOVER_REMOVED.after();
    }
  }

  private static final String FIND =
      """
      select format('%%I.%%I', n.nspname, c.relname)
      from pg_catalog.pg_index i
        join pg_catalog.pg_class c on c.oid = i.indexrelid
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      where i.indrelid = to_regclass(?) and c.relname = (parse_ident(?))[1] and %s
      """;

  private @Nullable String valid(Connection connection) throws SQLException {
    if (Sql.text(connection, FIND.formatted("true"), table, name) == null) {
      return null;
    }
    return Sql.text(connection, FIND.formatted("i.indisvalid"), table, name) == null ? "f" : "t";
  }
}

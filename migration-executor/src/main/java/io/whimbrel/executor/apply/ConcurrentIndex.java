package io.whimbrel.executor.apply;

import io.whimbrel.executor.catalog.Refusal;
import io.whimbrel.executor.catalog.Script;
import io.whimbrel.executor.catalog.Statement;
import io.whimbrel.executor.catalog.Token;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The index that a CREATE INDEX CONCURRENTLY makes, which an interruption leaves behind invalid:
 * never used, always kept up to date, and in the way of IF NOT EXISTS.
 *
 * @param name as written
 * @param table as written; the index is in its schema
 * @param beforeTable the statement up to its table, without CONCURRENTLY
 * @param afterTable the rest of it
 */
record ConcurrentIndex(String name, String table, String beforeTable, String afterTable)
    implements Aftermath {

  private static final String FIND =
      """
      select format('%%I.%%I', n.nspname, c.relname)
      from pg_catalog.pg_index i
        join pg_catalog.pg_class c on c.oid = i.indexrelid
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      where i.indrelid = to_regclass(?) and c.relname = (parse_ident(?))[1] and %s
      """;

  private static final String INVALID =
      "not i.indisvalid and not exists (select from pg_catalog.pg_stat_progress_create_index p"
          + " where p.index_relid = i.indexrelid)";

  /** What an index is, but for the schema of its table. */
  private static final String DEFINITION =
      """
      select replace(replace(pg_get_indexdef(i.indexrelid),
        format(' ON %I.%I USING ', n.nspname, t.relname), ' USING '),
        format(' ON pg_temp.%I USING ', t.relname), ' USING ')
      from pg_catalog.pg_index i
        join pg_catalog.pg_class c on c.oid = i.indexrelid
        join pg_catalog.pg_class t on t.oid = i.indrelid
        join pg_catalog.pg_namespace n on n.oid = t.relnamespace
      where i.indrelid = to_regclass(?) and c.relname = (parse_ident(?))[1]
      """;

  static boolean isMadeBy(Statement statement) {
    return statement.begins("CREATE", "INDEX", "CONCURRENTLY")
        || statement.begins("CREATE", "UNIQUE", "INDEX", "CONCURRENTLY");
  }

  /**
   * The index of such a statement.
   *
   * @throws Refusal if it is not named
   */
  static ConcurrentIndex of(Script script, Statement statement) {
    List<Token> tokens = statement.head();
    int concurrently = tokens.get(1).is("UNIQUE") ? 3 : 2;
    int at = concurrently + (tokens.get(concurrently + 1).is("IF") ? 4 : 1);
    if (at + 2 >= tokens.size() || tokens.get(at).is("ON")) {
      throw new Refusal(
          script.migration().script()
              + " line "
              + statement.line()
              + ": an index that is built concurrently needs a name, by which it is found after an"
              + " interruption; name it");
    }
    int on = at + (tokens.get(at + 2).is("ONLY") ? 3 : 2);
    // The places of these count from the beginning of the statement.
    List<Token> placed = statement.tokens();
    int last = on;
    while (last + 2 < placed.size() && placed.get(last + 1).text().equals(".")) {
      last += 2;
    }
    String sql = statement.sql();
    Token word = placed.get(concurrently);
    return new ConcurrentIndex(
        tokens.get(at).text(),
        Aftermath.name(tokens, on),
        sql.substring(0, word.start()) + sql.substring(word.end(), placed.get(on).start()),
        sql.substring(placed.get(last).end()));
  }

  /** Done if the index is valid and is what the statement makes, and not merely of its name. */
  @Override
  public boolean settled(Connection connection) throws SQLException {
    return find(connection, "i.indisvalid") != null && isWhatIsMade(connection);
  }

  @Override
  public void prepare(Connection connection) throws SQLException {
    clean(connection);
  }

  @Override
  public void require(Connection connection) throws SQLException {
    if (find(connection, "not i.indisvalid") != null) {
      throw new SQLException("The index was built, but is not valid", "55000");
    }
  }

  /** Removes an invalid index; does nothing to a valid one, or to one that someone builds. */
  @Override
  public void clean(Connection connection) throws SQLException {
    String invalid = find(connection, INVALID);
    if (invalid != null) {
      drop(connection, invalid);
    }
  }

  /** Removes an index that is invalid; it blocks no one meanwhile. */
  static void drop(Connection connection, String index) throws SQLException {
    CrashPoint.LEFTOVER_REMOVED.before();
    Sql.execute(connection, "drop index concurrently if exists " + index);
    CrashPoint.LEFTOVER_REMOVED.after();
  }

  private @Nullable String find(Connection connection, String such) throws SQLException {
    return Sql.text(connection, FIND.formatted(such), table, name);
  }

  // The server tells what the statement makes, on an empty table that is taken back at once.
  private boolean isWhatIsMade(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    try {
      String clone =
          Sql.text(
              connection,
              "select format('%I', relname) from pg_catalog.pg_class where oid = to_regclass(?)",
              table);
      Sql.execute(connection, "create temporary table " + clone + " (like " + table + ")");
      Sql.execute(connection, beforeTable + "pg_temp." + clone + afterTable);
      String made = Sql.text(connection, DEFINITION, "pg_temp." + clone, name);
      connection.rollback();
      return made != null && made.equals(Sql.text(connection, DEFINITION, table, name));
    } catch (SQLException e) {
      if (SqlStates.lost(e)) {
        throw e;
      }
      return false;
    } finally {
      connection.rollback();
      connection.setAutoCommit(true);
    }
  }
}

package io.whimbrel.validation.rule;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The rows of the target, as far as a rule may know them: how many, and the keys of a few. */
public final class Rows {
  /** So many keys of wrong rows are named. */
  public static final int SAMPLES = 5;

  private static final int LONGEST_KEY = 200;

  private static final String EXPLAIN = "explain (format json) execute whimbrel_plan";
  private static final String PARAMETERS =
      """
      select case when cardinality(parameter_types) > 0
                  then '(' || array_to_string(array_fill('null'::text, array[cardinality(parameter_types)]), ', ')
                       || ')' else '' end
        from pg_prepared_statements where name = 'whimbrel_plan'
      """;

  private final Connection connection;
  private volatile @Nullable Statement current;
  private boolean prepared;

  Rows(Connection connection) {
    this.connection = connection;
  }

  /** Breaks off what is being read, if anything is. */
  void cancel() throws SQLException {
    Statement statement = current;
    if (statement != null) {
      statement.cancel();
    }
  }

  /** Whether the transaction has settings of one reading. */
  boolean prepared() {
    return prepared;
  }

  void begun() {
    prepared = false;
  }

  long count(String sql) throws SQLException {
    return all(sql, row -> row.getLong(1)).get(0);
  }

  /** The one row's one value. */
  String text(String sql) throws SQLException {
    return all(sql, row -> row.getString(1)).get(0);
  }

  /**
   * How the planner would answer a statement whatever its parameters are; empty if it cannot say.
   * The statement is prepared, as EXPLAIN takes no parameters over the driver's protocol.
   */
  Optional<QueryPlan> plan(String query) throws SQLException {
    execute("savepoint plan");
    boolean there = false;
    try {
      execute("prepare whimbrel_plan as " + query);
      there = true;
      String explained = text(EXPLAIN + text(PARAMETERS));
      execute("release plan");
      return Optional.of(QueryPlan.parse(explained));
    } catch (SQLException e) {
      if (SqlStates.passing(e)) {
        throw e;
      }
      execute("rollback to plan");
      return Optional.empty();
    } finally {
      if (there) {
        execute("deallocate whimbrel_plan");
      }
    }
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /**
   * For the rest of the reading: names are sought in these schemas, and a query takes this long.
   */
  void prepare(List<String> schemas, @Nullable String timeout) throws SQLException {
    prepared = true;
    all(
        "select set_config('search_path', %s, true), set_config('statement_timeout', %s, true)"
            .formatted(
                Sql.literal(Sql.list(schemas, Sql::name)),
                timeout == null ? "current_setting('statement_timeout')" : Sql.literal(timeout)),
        row -> row);
  }

  /** Whether a query returns one column, a boolean. */
  boolean returnsBoolean(String query) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      try (ResultSet none = statement.executeQuery(query + " limit 0")) {
        ResultSetMetaData columns = none.getMetaData();
        return columns.getColumnCount() == 1 && "bool".equals(columns.getColumnTypeName(1));
      }
    }
  }

  /** The one row's one value, an array of numbers. */
  Long[] counts(String sql) throws SQLException {
    return all(sql, row -> (Long[]) row.getArray(1).getArray()).get(0);
  }

  /**
   * Counts the rows of a FROM item that meet a condition and, only if there are some, reads the
   * keys of the first ones.
   */
  Evidence evidence(Table table, String from, String where) throws SQLException {
    String wrong = " from " + from + " where " + where;
    long rows = count("select count(*)" + wrong);
    return new Evidence(rows, rows == 0 ? List.of() : keys(table, table.keyColumns() + wrong));
  }

  /** The keys of the first rows of "columns FROM ...", whose columns are the table's key. */
  List<Map<String, String>> keys(Table table, String columnsFrom) throws SQLException {
    if (table.key().isEmpty()) {
      return List.of();
    }
    List<String> names = table.key().stream().map(Table.Column::name).toList();
    return keys(names, "select " + columnsFrom);
  }

  /** The first rows of a query whose columns are a key of these names. */
  List<Map<String, String>> keys(List<String> names, String query) throws SQLException {
    return all(query + " limit " + SAMPLES, row -> key(names, row));
  }

  /**
   * For SQL that holds expressions of the target's schema: a question mark or a brace in them is
   * PostgreSQL's, not JDBC's.
   */
  <T> List<T> all(String sql, Query.Reader<T> reader) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      current = statement;
      statement.setEscapeProcessing(false);
      List<T> result = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery(sql)) {
        while (rows.next()) {
          result.add(reader.read(rows));
        }
      }
      return result;
    } finally {
      current = null;
    }
  }

  private static Map<String, String> key(List<String> names, ResultSet row) throws SQLException {
    Map<String, String> key = new LinkedHashMap<>();
    for (int i = 0; i < names.size(); i++) {
      String value = row.getString(i + 1);
      key.put(names.get(i), value == null ? "NULL" : shortened(value));
    }
    return key;
  }

  private static String shortened(String value) {
    return value.length() > LONGEST_KEY ? value.substring(0, LONGEST_KEY) + "…" : value;
  }
}

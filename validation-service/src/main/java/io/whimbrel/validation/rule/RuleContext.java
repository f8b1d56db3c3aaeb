package io.whimbrel.validation.rule;

import io.whimbrel.event.Severity;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What one rule has at hand while it looks: a read-only transaction, the tables, the mode. It notes
 * what the rule looked at and what stood in the way.
 */
public final class RuleContext {

  /** Reads something to look at; empty when it is not in the scope. */
  interface SubjectReader<T> {
    Optional<T> read(ResultSet row, Scope scope) throws SQLException;
  }

  /** A look at one table. */
  interface Look {
    void run() throws SQLException;
  }

  private static final int SAMPLES = 5;
  private static final int LONGEST_KEY = 200;

  private final Connection connection;
  private final Scope scope;
  private final Mode mode;
  private final List<Obstacle> obstacles = new ArrayList<>();
  private int looks;

  /** The connection is in a transaction; it stays there. */
  public RuleContext(Connection connection, Scope scope, Mode mode) {
    this.connection = connection;
    this.scope = scope;
    this.mode = mode;
  }

  Scope scope() {
    return scope;
  }

  Mode mode() {
    return mode;
  }

  /** How many constraints, indexes or tables the rule looked at, or tried to. */
  public int looks() {
    return looks;
  }

  public List<Obstacle> obstacles() {
    return List.copyOf(obstacles);
  }

  /**
   * Looks at a table; if that fails, notes why and leaves the transaction usable.
   *
   * @throws SQLException when the failure is a passing one, which is a matter of the whole
   *     validation, or the connection is gone
   */
  void look(Table table, Look look) throws SQLException {
    looks++;
    Savepoint before = connection.setSavepoint();
    try {
      look.run();
      connection.releaseSavepoint(before);
    } catch (SQLException e) {
      if (SqlStates.passing(e)) {
        throw e;
      }
      connection.rollback(before);
      obstacles.add(Obstacle.of(table.name(), e));
    }
  }

  /** Reads the catalogue. Arrays are of {@code Long} or {@code String}. */
  <T> List<T> catalogue(String sql, Query.Reader<T> reader, Object[]... arrays)
      throws SQLException {
    return Query.catalogue(connection, sql, reader, arrays);
  }

  /** Reads from the catalogue what there is to look at. Arrays are of {@code Long}. */
  <T> List<T> subjects(String sql, SubjectReader<T> reader, Object[]... arrays)
      throws SQLException {
    return catalogue(sql, row -> reader.read(row, scope), arrays).stream()
        .flatMap(Optional::stream)
        .toList();
  }

  /**
   * Counts the rows of a FROM item that meet a condition and, only if there are some, reads the
   * keys of the first ones.
   */
  Optional<Evidence> evidence(Table table, String from, String where) throws SQLException {
    String wrong = " from " + from + " where " + where;
    long rows = count("select count(*)" + wrong);
    return rows == 0
        ? Optional.empty()
        : Optional.of(new Evidence(rows, keys(table, table.keyColumns() + wrong)));
  }

  long count(String sql) throws SQLException {
    return Query.rows(connection, sql, row -> row.getLong(1)).get(0);
  }

  /** The keys of the first rows of "columns FROM ...", whose columns are the table's key. */
  List<Map<String, String>> keys(Table table, String columnsFrom) throws SQLException {
    if (table.key().isEmpty()) {
      return List.of();
    }
    String sql = "select " + columnsFrom + " limit " + SAMPLES;
    return Query.rows(connection, sql, row -> key(table, row));
  }

  /** A neighbour's own problems are not the run's: they warn. */
  Severity severity(Table table, Severity ofTouched) {
    return table.touched() || ofTouched.compareTo(Severity.WARNING) < 0
        ? ofTouched
        : Severity.WARNING;
  }

  private static Map<String, String> key(Table table, ResultSet row) throws SQLException {
    Map<String, String> key = new LinkedHashMap<>();
    for (int i = 0; i < table.key().size(); i++) {
      String value = row.getString(i + 1);
      String shown = value.length() > LONGEST_KEY ? value.substring(0, LONGEST_KEY) + "…" : value;
      key.put(table.key().get(i).name(), shown);
    }
    return key;
  }
}

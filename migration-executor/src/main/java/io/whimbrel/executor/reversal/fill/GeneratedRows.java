package io.whimbrel.executor.reversal.fill;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Fills tables with rows that fit their types, keys and conditions: first a good guess for all rows
 * at once, then row by row with values that are tamer or come from the conditions. A table that
 * takes none stays empty; who judges by its rows has to look whether there are any.
 */
public final class GeneratedRows {
  private static final int VARIANTS = 5;

  private final Connection connection;
  private final int rows;

  /**
   * @param rows for each table; with 0, all tables stay as they are
   */
  public GeneratedRows(Connection connection, int rows) {
    this.connection = connection;
    this.rows = rows;
  }

  /** Fills these tables, those first that others refer to. */
  public void fill(Collection<Long> tables) throws SQLException {
    if (rows == 0) {
      return;
    }
    Map<Long, TableShape> left = new LinkedHashMap<>(TableShapes.of(connection, tables));
    while (!left.isEmpty()) {
      Set<Long> open = left.keySet();
      List<TableShape> ready =
          left.values().stream()
              .filter(
                  shape ->
                      shape.keys().stream()
                          .noneMatch(
                              k -> k.referenced() != shape.oid() && open.contains(k.referenced())))
              .toList();
      List<TableShape> next = ready.isEmpty() ? List.of(left.values().iterator().next()) : ready;
      for (TableShape shape : next) {
        insert(shape, List.of(), 0);
      }
      next.forEach(shape -> left.remove(shape.oid()));
    }
  }

  /** Adds rows whose values are those that a script names. */
  public void seed(Collection<Long> tables, List<String> literals) throws SQLException {
    if (rows == 0 || literals.isEmpty()) {
      return;
    }
    for (TableShape shape : TableShapes.of(connection, tables).values()) {
      insert(shape, literals, rows);
    }
  }

  /** Gives values to columns that are null in every row. */
  public void complete(Map<Long, Set<String>> columns) throws SQLException {
    if (rows == 0) {
      return;
    }
    Map<Long, TableShape> shapes = TableShapes.of(connection, columns.keySet());
    for (TableShape shape : shapes.values()) {
      Set<String> wanted = columns.getOrDefault(shape.oid(), Set.of());
      for (ColumnShape column : shape.columns()) {
        if (wanted.contains(column.name())) {
          update(shape, column);
        }
      }
    }
  }

  private void update(TableShape shape, ColumnShape column) throws SQLException {
    for (int variant = 0; variant < VARIANTS; variant++) {
      StringBuilder cases = new StringBuilder();
      for (int row = 0; row < rows; row++) {
        cases
            .append(" WHEN ")
            .append(row)
            .append(" THEN ")
            .append(value(shape, column, row, variant));
      }
      String sql =
          "UPDATE %1$s t SET %2$s = CASE n.n %3$s END FROM (SELECT ctid AS at, tableoid AS of,"
                  .formatted(shape.name(), column.name(), cases)
              + " (row_number() OVER (ORDER BY ctid) - 1) %% %d AS n FROM %s) n WHERE n.at = t.ctid"
                  .formatted(rows, shape.name())
              + " AND n.of = t.tableoid";
      if (attempt(sql)) {
        return;
      }
    }
  }

  private void insert(TableShape shape, List<String> literals, int from) throws SQLException {
    List<String> values = new ArrayList<>();
    for (int row = from; row < from + rows; row++) {
      values.add("(" + row(hinted(shape, literals), row, literals.isEmpty() ? 0 : 2) + ")");
    }
    if (attempt(into(shape, String.join(", ", values)))) {
      return;
    }
    int failed = 0;
    int taken = 0;
    for (int row = from; row < from + rows && (taken > 0 || failed < 6); row++) {
      boolean done = false;
      for (int variant = literals.isEmpty() ? 0 : 2; variant < VARIANTS + 2 && !done; variant++) {
        done = attempt(into(shape, "(" + row(hinted(shape, literals), row, variant) + ")"));
      }
      taken += done ? 1 : 0;
      failed += done ? 0 : 1;
    }
  }

  private static TableShape hinted(TableShape shape, List<String> literals) {
    if (literals.isEmpty()) {
      return shape;
    }
    List<String> numbers = literals.stream().filter(l -> l.matches("-?\\d{1,9}")).toList();
    List<ColumnShape> columns =
        shape.columns().stream()
            .map(
                column ->
                    column.isText()
                        ? column.hinted(fitting(column, literals))
                        : column.category() == 'N' ? column.hinted(numbers) : column)
            .toList();
    return new TableShape(shape.oid(), shape.name(), columns, shape.keys());
  }

  private static List<String> fitting(ColumnShape column, List<String> literals) {
    int most = column.modifier() < 4 ? Integer.MAX_VALUE : column.modifier() - 4;
    return literals.stream().filter(l -> l.length() <= most).collect(Collectors.toList());
  }

  private String into(TableShape shape, String values) {
    if (shape.columns().isEmpty()) {
      return "INSERT INTO " + shape.name() + " DEFAULT VALUES";
    }
    String columns =
        shape.columns().stream().map(ColumnShape::name).collect(Collectors.joining(", "));
    return "INSERT INTO "
        + shape.name()
        + " ("
        + columns
        + ") VALUES "
        + values
        + " ON CONFLICT DO NOTHING";
  }

  private String row(TableShape shape, int row, int variant) {
    return shape.columns().stream()
        .map(column -> value(shape, column, row, variant))
        .collect(Collectors.joining(", "));
  }

  private String value(TableShape shape, ColumnShape column, int row, int variant) {
    for (TableShape.ForeignKey key : shape.keys()) {
      int at = key.columns().indexOf(column.name());
      if (at >= 0) {
        String order = String.join(", ", key.targets());
        return "(SELECT %1$s FROM %2$s ORDER BY %3$s OFFSET %4$d %% greatest((SELECT count(*) FROM %2$s), 1) LIMIT 1)"
            .formatted(key.targets().get(at), key.referencedName(), order, row);
      }
    }
    return Value.of(column, row, variant);
  }

  private boolean attempt(String sql) throws SQLException {
    Savepoint savepoint = connection.setSavepoint();
    try (Statement statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      statement.execute(sql);
      statement.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED");
      connection.releaseSavepoint(savepoint);
      return true;
    } catch (SQLException e) {
      if (connection.isClosed()) {
        throw e;
      }
      connection.rollback(savepoint);
      connection.releaseSavepoint(savepoint);
      return false;
    }
  }
}

package io.whimbrel.executor.backup;

import io.whimbrel.event.TableName;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The tables that a restore must leave alone: their storage and columns before and after are
 * compared, so that a change of structure that would reach them is noticed before it is committed.
 */
final class Bystanders {
  private static final String SHAPES =
      """
      SELECT n.nspname, c.relname,
             c.oid || '/' || c.relfilenode || '/' || coalesce(string_agg(
               a.attnum || ' ' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod),
               ',' ORDER BY a.attnum), '')
      FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      LEFT JOIN pg_catalog.pg_attribute a
        ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
      GROUP BY n.nspname, c.relname, c.oid, c.relfilenode
      """;

  private final Map<TableName, String> shapes;

  private Bystanders(Map<TableName, String> shapes) {
    this.shapes = shapes;
  }

  /** Every table but those that the restore changes. */
  static Bystanders of(Connection connection, Collection<TableName> changed) throws SQLException {
    Map<TableName, String> shapes = shapes(connection);
    shapes.keySet().removeAll(changed);
    return new Bystanders(shapes);
  }

  /** Those that are not any more what they were. */
  List<TableName> disturbed(Connection connection) throws SQLException {
    Map<TableName, String> now = shapes(connection);
    return shapes.entrySet().stream()
        .filter(shape -> !Objects.equals(now.get(shape.getKey()), shape.getValue()))
        .map(Map.Entry::getKey)
        .toList();
  }

  private static Map<TableName, String> shapes(Connection connection) throws SQLException {
    var shapes = new TreeMap<TableName, String>();
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(SHAPES)) {
      while (row.next()) {
        shapes.put(new TableName(row.getString(1), row.getString(2)), row.getString(3));
      }
    }
    return shapes;
  }
}

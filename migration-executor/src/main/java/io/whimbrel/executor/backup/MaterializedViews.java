package io.whimbrel.executor.backup;

import io.whimbrel.event.TableName;
import io.whimbrel.executor.schema.Quoted;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Fills the materialized views that a restore made anew, while their tables were still empty. */
final class MaterializedViews {
  /** By oid, which is the order they were made in, so that one over another comes later. */
  private static final String FILLED =
      """
      SELECT c.oid, n.nspname, c.relname
      FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind = 'm' AND c.relispopulated
      ORDER BY c.oid
      """;

  private final Map<Long, TableName> before;

  private MaterializedViews(Map<Long, TableName> before) {
    this.before = before;
  }

  static MaterializedViews of(Connection connection) throws SQLException {
    return new MaterializedViews(filled(connection));
  }

  void refreshNew(Connection connection) throws SQLException {
    Map<Long, TableName> now = filled(connection);
    now.keySet().removeAll(before.keySet());
    try (Statement statement = connection.createStatement()) {
      for (TableName view : now.values()) {
        statement.execute(filling(view));
      }
    }
  }

  /** Those that are filled, in the order in which they can be filled again. */
  static List<TableName> names(Connection connection) throws SQLException {
    return List.copyOf(filled(connection).values());
  }

  static String filling(TableName view) {
    return "REFRESH MATERIALIZED VIEW " + Quoted.table(view);
  }

  private static Map<Long, TableName> filled(Connection connection) throws SQLException {
    var views = new LinkedHashMap<Long, TableName>();
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(FILLED)) {
      while (row.next()) {
        views.put(row.getLong(1), new TableName(row.getString(2), row.getString(3)));
      }
    }
    return views;
  }
}

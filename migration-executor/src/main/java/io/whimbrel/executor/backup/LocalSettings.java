package io.whimbrel.executor.backup;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Settings that hold until the end of the transaction, or until they are put back. */
final class LocalSettings {
  private LocalSettings() {}

  /** Sets them for the rest of the transaction and answers what was set before. */
  static Map<String, String> set(Connection connection, Map<String, String> values)
      throws SQLException {
    if (connection.getAutoCommit()) {
      throw new IllegalStateException("these settings need a transaction");
    }
    var before = new LinkedHashMap<String, String>();
    for (String name : values.keySet()) {
      before.put(name, current(connection, name));
    }
    put(connection, values);
    return before;
  }

  static void put(Connection connection, Map<String, String> values) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT pg_catalog.set_config(?, ?, true)")) {
      for (Map.Entry<String, String> setting : values.entrySet()) {
        statement.setString(1, setting.getKey());
        statement.setString(2, setting.getValue());
        statement.execute();
      }
    }
  }

  private static String current(Connection connection, String name) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT pg_catalog.current_setting(?)")) {
      statement.setString(1, name);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getString(1);
      }
    }
  }
}

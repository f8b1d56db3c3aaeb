package io.whimbrel.executor.backup;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The settings under which a value has one text, whoever asks: the same for copying out, copying in
 * and fingerprints. They hold until the end of the transaction.
 */
final class TextSettings {
  private static final Map<String, String> VALUES =
      Map.of(
          "search_path", "pg_catalog",
          "DateStyle", "ISO, YMD",
          "IntervalStyle", "postgres",
          "TimeZone", "UTC",
          "bytea_output", "hex",
          "extra_float_digits", "1",
          "xmlbinary", "base64",
          "check_function_bodies", "off",
          // A policy that hides rows makes a backup fail, not shrink.
          "row_security", "off");

  private TextSettings() {}

  /** Sets them for the rest of the transaction and answers what was set before. */
  static Map<String, String> set(Connection connection) throws SQLException {
    if (connection.getAutoCommit()) {
      throw new IllegalStateException("these settings need a transaction");
    }
    var before = new LinkedHashMap<String, String>();
    for (String name : VALUES.keySet()) {
      before.put(name, current(connection, name));
    }
    put(connection, VALUES);
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

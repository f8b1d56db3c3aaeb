package io.whimbrel.executor.backup;

import java.sql.Connection;
import java.sql.SQLException;
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
    return LocalSettings.set(connection, VALUES);
  }
}

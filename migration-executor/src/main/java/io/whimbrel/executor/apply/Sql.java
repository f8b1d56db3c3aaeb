package io.whimbrel.executor.apply;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** The few forms of SQL that every class here writes. */
final class Sql {

  private Sql() {}

  /** An identifier, quoted. */
  static String name(String identifier) {
    return '"' + identifier.replace("\"", "\"\"") + '"';
  }

  /** A string constant, whatever standard_conforming_strings is. */
  static String literal(String text) {
    String quoted = "'" + text.replace("'", "''") + "'";
    return text.indexOf('\\') < 0 ? quoted : "E" + quoted.replace("\\", "\\\\");
  }

  /** Sets a parameter of the session, or of the transaction if local. */
  static void set(Connection connection, String parameter, String value, boolean local)
      throws SQLException {
    try (PreparedStatement set = connection.prepareStatement("select set_config(?, ?, ?)")) {
      set.setString(1, parameter);
      set.setString(2, value);
      set.setBoolean(3, local);
      set.execute();
    }
  }

  /** The first column of the first row as text; null if there is no row. */
  static @Nullable String text(Connection connection, String sql, Object... parameters)
      throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        query.setObject(i + 1, parameters[i]);
      }
      try (ResultSet result = query.executeQuery()) {
        return result.next() ? result.getString(1) : null;
      }
    }
  }

  /** Whether a query returns one row, and true in its first column. */
  static boolean holds(Connection connection, String query) throws SQLException {
    try (java.sql.Statement statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      if (!statement.execute(query)) {
        return false;
      }
      try (ResultSet result = statement.getResultSet()) {
        return result.next() && result.getBoolean(1) && !result.next();
      }
    }
  }

  static void execute(Connection connection, String sql) throws SQLException {
    try (java.sql.Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}

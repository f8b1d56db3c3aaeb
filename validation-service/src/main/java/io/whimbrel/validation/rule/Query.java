package io.whimbrel.validation.rule;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Questions about the catalogue of the target. */
final class Query {

  /** Reads the row at hand. */
  interface Reader<T> {
    T read(ResultSet row) throws SQLException;
  }

  private Query() {}

  /** Array parameters are given as arrays of {@code Long} or {@code String}. */
  static <T> List<T> catalogue(
      Connection connection, String sql, Reader<T> reader, Object[]... arrays) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < arrays.length; i++) {
        String type = arrays[i] instanceof Long[] ? "int8" : "text";
        statement.setArray(i + 1, connection.createArrayOf(type, arrays[i]));
      }
      try (ResultSet rows = statement.executeQuery()) {
        return all(rows, reader);
      }
    }
  }

  static List<String> strings(ResultSet row, String column) throws SQLException {
    Array array = row.getArray(column);
    return List.of((String[]) array.getArray());
  }

  private static <T> List<T> all(ResultSet rows, Reader<T> reader) throws SQLException {
    List<T> result = new ArrayList<>();
    while (rows.next()) {
      result.add(reader.read(rows));
    }
    return result;
  }
}

package io.whimbrel.executor.rehearsal.observe;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the things of one kind from PostgreSQL's catalogue. */
abstract class CatalogueRows<S> {

  /** What belongs to users: not to PostgreSQL, to Whimbrel, or to an extension. */
  static final String USERS =
      """
      n.nspname NOT IN ('pg_catalog', 'information_schema', 'whimbrel')
        AND n.nspname !~ '^pg_'
      """;

  private final String all;
  private final String some;

  /**
   * @param sql with a WHERE at its end
   * @param table what to compare with the numbers of relations
   */
  CatalogueRows(String sql, String table) {
    this.all = sql;
    this.some = sql + " AND " + table + " = ANY (?)";
  }

  abstract CatalogueRow<S> row(ResultSet row) throws SQLException;

  /**
   * Reads.
   *
   * @param tables whose things to read; null for all
   */
  final List<CatalogueRow<S>> read(Connection connection, @Nullable Set<Long> tables)
      throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(tables == null ? all : some)) {
      if (tables != null) {
        query.setArray(1, connection.createArrayOf("oid", tables.toArray()));
      }
      List<CatalogueRow<S>> rows = new ArrayList<>();
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          rows.add(row(row));
        }
      }
      return rows;
    }
  }

  static List<String> strings(ResultSet row, String column) throws SQLException {
    Array array = row.getArray(column);
    return array == null ? List.of() : List.copyOf(Arrays.asList((String[]) array.getArray()));
  }

  /** Of values that may be null, in a list that says so in words. */
  static List<Object> compared(@Nullable Object... values) {
    return Arrays.stream(values).<Object>map(String::valueOf).toList();
  }
}

package io.whimbrel.executor.impact;

import io.whimbrel.event.TableName;
import io.whimbrel.executor.schema.Quoted;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A table of the target as probes see it.
 *
 * @param partitioned whether its rows are in its partitions, and its keys reach over all of them
 * @param key columns of its primary key; empty without one
 * @param columns its columns and their types now
 */
record Subject(TableName name, boolean partitioned, List<String> key, Map<String, Type> columns) {

  private static final String READ =
      """
      select a.attname, format_type(a.atttypid, a.atttypmod), t.typcategory::text, c.relkind = 'p',
        exists (select from pg_catalog.pg_index i where i.indrelid = c.oid and i.indisprimary
          and a.attnum = any (i.indkey))
      from pg_catalog.pg_class c
      join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      join pg_catalog.pg_attribute a on a.attrelid = c.oid
      join pg_catalog.pg_type t on t.oid = a.atttypid
      where n.nspname = ? and c.relname = ? and a.attnum > 0 and not a.attisdropped
      order by a.attnum
      """;

  /**
   * The type of a column.
   *
   * @param category as in {@code pg_type.typcategory}
   */
  record Type(String name, String category) {
    boolean text() {
      return category.equals("S");
    }

    boolean number() {
      return category.equals("N");
    }
  }

  static Subject read(Connection connection, TableName table) throws SQLException {
    boolean partitioned = false;
    List<String> key = new ArrayList<>();
    Map<String, Type> columns = new TreeMap<>();
    try (PreparedStatement query = connection.prepareStatement(READ)) {
      query.setString(1, table.schema());
      query.setString(2, table.name());
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          columns.put(row.getString(1), new Type(row.getString(2), row.getString(3)));
          partitioned = row.getBoolean(4);
          if (row.getBoolean(5)) {
            key.add(row.getString(1));
          }
        }
      }
    }
    return new Subject(table, partitioned, List.copyOf(key), columns);
  }

  boolean has(List<String> names) {
    return columns.keySet().containsAll(names);
  }

  /** All rows that a NOT NULL or CHECK is about: those of tables that inherit too. */
  String all() {
    return Quoted.table(name) + " as e";
  }

  /** The rows that a key is about: those of the table itself. */
  String own() {
    return (partitioned ? "" : "only ") + all();
  }

  /** The primary key as text, one value for each of its columns. */
  String keyValues() {
    return key.isEmpty()
        ? "1"
        : String.join(", ", key.stream().map(c -> "e." + Quoted.name(c) + "::text").toList());
  }

  static String each(List<String> columns, String pattern, String between) {
    return String.join(
        between, columns.stream().map(c -> pattern.replace("$", "e." + Quoted.name(c))).toList());
  }
}

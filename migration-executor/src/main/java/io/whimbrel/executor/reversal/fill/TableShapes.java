package io.whimbrel.executor.reversal.fill;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads what rows of tables have to fit. */
final class TableShapes {
  private static final String COLUMNS =
      """
      SELECT c.oid::bigint, c.oid::regclass::text, quote_ident(a.attname),
        format_type(a.atttypid, a.atttypmod), b.typname, b.typcategory::text,
        CASE WHEN t.typtype = 'd' THEN t.typtypmod ELSE a.atttypmod END,
        u.typcategory = 'A' AND u.typelem <> 0,
        ARRAY(SELECT e.enumlabel FROM pg_enum e WHERE e.enumtypid = b.oid ORDER BY e.enumsortorder),
        a.attnotnull OR t.typnotnull,
        EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisunique
          AND a.attnum = ANY (i.indkey)),
        ARRAY(SELECT pg_get_constraintdef(k.oid) FROM pg_constraint k WHERE k.contype = 'c'
            AND (k.conrelid = c.oid AND a.attnum = ANY (k.conkey) OR k.contypid = t.oid))
          || CASE WHEN c.relispartition THEN ARRAY[pg_get_expr(c.relpartbound, c.oid)] END
          || ARRAY(SELECT pg_get_expr(p.relpartbound, p.oid) FROM pg_inherits h
            JOIN pg_class p ON p.oid = h.inhrelid WHERE h.inhparent = c.oid AND p.relispartition)
      FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
          AND NOT a.attisdropped AND a.attgenerated = '' AND a.attidentity = ''
        JOIN pg_type t ON t.oid = a.atttypid
        JOIN pg_type u ON u.oid = CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END
        JOIN pg_type b ON b.oid = CASE WHEN u.typcategory = 'A' AND u.typelem <> 0 THEN u.typelem
          ELSE u.oid END
        LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
      WHERE c.oid = ANY (?::oid[]) AND c.relkind IN ('r', 'p')
        AND coalesce(pg_get_expr(d.adbin, d.adrelid), '') NOT LIKE 'nextval(%'
      ORDER BY c.oid, a.attnum
      """;

  private static final String TABLES =
      """
      SELECT c.oid::bigint, c.oid::regclass::text FROM pg_class c
      WHERE c.oid = ANY (?::oid[]) AND c.relkind IN ('r', 'p') ORDER BY c.oid
      """;

  private static final String KEYS =
      """
      SELECT k.conrelid::bigint, k.confrelid::bigint, k.confrelid::regclass::text,
        ARRAY(SELECT quote_ident(a.attname) FROM unnest(k.conkey) WITH ORDINALITY u(n, i)
          JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.n ORDER BY u.i),
        ARRAY(SELECT quote_ident(a.attname) FROM unnest(k.confkey) WITH ORDINALITY u(n, i)
          JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.n ORDER BY u.i)
      FROM pg_constraint k WHERE k.contype = 'f' AND k.conrelid = ANY (?::oid[])
      """;

  private TableShapes() {}

  static Map<Long, TableShape> of(Connection connection, Collection<Long> tables)
      throws SQLException {
    Map<Long, String> names = new LinkedHashMap<>();
    Map<Long, List<ColumnShape>> columns = new LinkedHashMap<>();
    Map<Long, List<TableShape.ForeignKey>> keys = new LinkedHashMap<>();
    each(connection, TABLES, tables, row -> names.put(row.getLong(1), row.getString(2)));
    each(
        connection,
        COLUMNS,
        tables,
        row -> columns.computeIfAbsent(row.getLong(1), k -> new ArrayList<>()).add(column(row)));
    each(
        connection,
        KEYS,
        tables,
        row ->
            keys.computeIfAbsent(row.getLong(1), k -> new ArrayList<>())
                .add(
                    new TableShape.ForeignKey(
                        strings(row, 4), row.getLong(2), row.getString(3), strings(row, 5))));
    Map<Long, TableShape> shapes = new LinkedHashMap<>();
    names.forEach(
        (oid, name) ->
            shapes.put(
                oid,
                new TableShape(
                    oid,
                    name,
                    columns.getOrDefault(oid, List.of()),
                    keys.getOrDefault(oid, List.of()))));
    return shapes;
  }

  private interface Row {
    void take(ResultSet row) throws SQLException;
  }

  private static void each(Connection connection, String sql, Collection<Long> tables, Row each)
      throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(sql)) {
      query.setArray(1, connection.createArrayOf("oid", tables.toArray()));
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          each.take(row);
        }
      }
    }
  }

  private static ColumnShape column(ResultSet row) throws SQLException {
    char category = row.getString(6).charAt(0);
    List<String> hints = new ArrayList<>();
    for (String condition : strings(row, 12)) {
      hints.addAll(Literals.of(condition));
    }
    return new ColumnShape(
        row.getString(3),
        row.getString(4),
        row.getString(5),
        category,
        row.getInt(7),
        row.getBoolean(8),
        strings(row, 9),
        row.getBoolean(10),
        row.getBoolean(11),
        hints.stream().filter(hint -> fits(hint, category)).toList());
  }

  /** Whether a literal of a condition may be a value of such a type. */
  private static boolean fits(String literal, char category) {
    return switch (category) {
      case 'N' -> literal.matches("\\d+(\\.\\d+)?");
      case 'D' -> literal.matches("\\d{4}-.*|\\d\\d:.*");
      case 'B' -> false;
      default -> true;
    };
  }

  private static List<String> strings(ResultSet row, int column) throws SQLException {
    List<String> strings = new ArrayList<>();
    java.sql.@Nullable Array array = row.getArray(column);
    if (array != null) {
      for (Object each : (Object[]) array.getArray()) {
        strings.add(Objects.toString(each, ""));
      }
    }
    return strings;
  }
}

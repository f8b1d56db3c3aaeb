package io.whimbrel.executor.rehearsal.observe;

import io.whimbrel.event.TableName;
import io.whimbrel.executor.rehearsal.facts.ColumnState;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Columns of tables. */
final class ColumnRows extends CatalogueRows<ColumnState> {
  private static final String SQL =
      """
      SELECT a.attrelid, a.attnum, a.attname, a.atttypid, a.atttypmod,
        pg_catalog.format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull,
        (SELECT pg_catalog.pg_get_expr(d.adbin, d.adrelid) FROM pg_catalog.pg_attrdef d
          WHERE d.adrelid = a.attrelid AND d.adnum = a.attnum) AS expression,
        a.attgenerated, a.attidentity, a.atthasmissing,
        (SELECT l.collname FROM pg_catalog.pg_collation l WHERE l.oid = a.attcollation
          AND l.oid <> (SELECT t.typcollation FROM pg_catalog.pg_type t WHERE t.oid = a.atttypid))
          AS collation
      FROM pg_catalog.pg_attribute a
      JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'f') AND
      """
          + USERS;

  /** Where the number of a column goes in a number that has its table's as well. */
  private static final int COLUMN_BITS = 16;

  private final Names names;

  ColumnRows(Names names) {
    super(SQL, "a.attrelid");
    this.names = names;
  }

  @Override
  CatalogueRow<ColumnState> row(ResultSet row) throws SQLException {
    long table = row.getLong("attrelid");
    int number = row.getInt("attnum");
    var state =
        new ColumnState(
            name(names, table),
            names.onTarget(table),
            row.getString("attname"),
            number,
            row.getString("type"),
            row.getBoolean("attnotnull"),
            row.getString("expression"),
            generated(row.getString("attgenerated")),
            identity(row.getString("attidentity")),
            row.getString("collation"),
            row.getBoolean("atthasmissing"));
    return new CatalogueRow<>(
        (table << COLUMN_BITS) | number,
        table,
        0,
        compared(
            state.name(),
            row.getLong("atttypid"),
            row.getInt("atttypmod"),
            state.notNull(),
            state.defaultValue(),
            state.generated(),
            state.identity(),
            state.collation()),
        state);
  }

  static TableName name(Names names, long table) {
    return Objects.requireNonNullElseGet(
        names.now(table), () -> new TableName("", Long.toString(table)));
  }

  private static @Nullable String generated(String code) {
    return switch (code) {
      case "s" -> "STORED";
      case "v" -> "VIRTUAL";
      default -> null;
    };
  }

  private static @Nullable String identity(String code) {
    return switch (code) {
      case "a" -> "ALWAYS";
      case "d" -> "BY DEFAULT";
      default -> null;
    };
  }
}

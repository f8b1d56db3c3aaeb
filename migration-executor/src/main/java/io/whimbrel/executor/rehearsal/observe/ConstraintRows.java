package io.whimbrel.executor.rehearsal.observe;

import io.whimbrel.executor.rehearsal.facts.ConstraintState;
import io.whimbrel.executor.rehearsal.facts.ConstraintState.Kind;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Constraints of tables; of those that partitions repeat of their table, only the table's. */
final class ConstraintRows extends CatalogueRows<ConstraintState> {
  private static final String SQL =
      """
      SELECT k.oid, k.conrelid, k.conname, k.contype, k.convalidated, k.condeferrable,
        k.condeferred, k.confrelid, k.conkey::text AS key, k.confkey::text AS far_key,
        ARRAY(SELECT a.attname::text FROM unnest(k.conkey) WITH ORDINALITY AS u (number, place)
          JOIN pg_catalog.pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.number
          ORDER BY u.place) AS columns,
        ARRAY(SELECT a.attname::text FROM unnest(k.confkey) WITH ORDINALITY AS u (number, place)
          JOIN pg_catalog.pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.number
          ORDER BY u.place) AS far_columns,
        (SELECT x.relname FROM pg_catalog.pg_class x WHERE x.oid = k.conindid) AS index,
        EXISTS (SELECT FROM pg_catalog.pg_index i
          WHERE i.indrelid = k.conrelid AND i.indisvalid AND i.indpred IS NULL
            AND (i.indkey::int2[])[0:cardinality(k.conkey) - 1] @> k.conkey) AS indexed,
        pg_catalog.pg_get_constraintdef(k.oid) AS definition
      FROM pg_catalog.pg_constraint k
      JOIN pg_catalog.pg_class t ON t.oid = k.conrelid
      JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace
      WHERE k.contype IN ('c', 'f', 'p', 'u', 'x', 'n') AND k.conparentid = 0 AND
      """
          + USERS;

  private final Names names;

  ConstraintRows(Names names) {
    super(SQL, "k.conrelid");
    this.names = names;
  }

  @Override
  CatalogueRow<ConstraintState> row(ResultSet row) throws SQLException {
    long table = row.getLong("conrelid");
    long far = row.getLong("confrelid");
    var state =
        new ConstraintState(
            row.getString("conname"),
            ColumnRows.name(names, table),
            names.onTarget(table),
            kind(row.getString("contype")),
            row.getBoolean("convalidated"),
            strings(row, "columns"),
            far == 0 ? null : ColumnRows.name(names, far),
            far == 0 ? null : names.onTarget(far),
            strings(row, "far_columns"),
            row.getString("index"),
            row.getBoolean("indexed"),
            row.getString("definition"));
    return new CatalogueRow<>(
        row.getLong("oid"),
        table,
        0,
        compared(
            state.name(),
            state.kind(),
            state.validated(),
            row.getBoolean("condeferrable"),
            row.getBoolean("condeferred"),
            row.getString("key"),
            far,
            row.getString("far_key")),
        state);
  }

  private static Kind kind(String contype) {
    return switch (contype) {
      case "c" -> Kind.CHECK;
      case "f" -> Kind.FOREIGN_KEY;
      case "p" -> Kind.PRIMARY_KEY;
      case "u" -> Kind.UNIQUE;
      case "x" -> Kind.EXCLUSION;
      default -> Kind.NOT_NULL;
    };
  }
}

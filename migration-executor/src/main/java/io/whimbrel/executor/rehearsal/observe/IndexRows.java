package io.whimbrel.executor.rehearsal.observe;

import io.whimbrel.executor.rehearsal.facts.IndexState;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;

/** Indexes of tables and materialized views. */
final class IndexRows extends CatalogueRows<IndexState> {

  // A concurrent build writes to pg_index in later transactions than the one that made the columns
  // of the index.
  private static final String SQL =
      """
      SELECT i.indexrelid, i.indrelid, x.relname, m.amname, i.indisunique, i.indisprimary,
        i.indisexclusion, i.indisvalid, i.indpred IS NOT NULL AS partial, i.indkey::text AS key,
        i.xmin <> (SELECT a.xmin FROM pg_catalog.pg_attribute a
          WHERE a.attrelid = i.indexrelid AND a.attnum = 1) AS concurrently, x.relfilenode,
        ARRAY(SELECT coalesce(a.attname, '')::text
          FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k (number, place)
          LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number
            AND k.number <> 0
          WHERE k.place <= i.indnkeyatts ORDER BY k.place) AS columns,
        pg_catalog.pg_get_indexdef(i.indexrelid) AS definition
      FROM pg_catalog.pg_index i
      JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
      JOIN pg_catalog.pg_class t ON t.oid = i.indrelid
      JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace
      JOIN pg_catalog.pg_am m ON m.oid = x.relam
      WHERE t.relkind IN ('r', 'p', 'm') AND
      """
          + USERS;

  private final Names names;
  private final Set<Long> existed = new HashSet<>();
  private final Set<Long> concurrent = new HashSet<>();
  private boolean begun;
  private boolean alone;

  IndexRows(Names names) {
    super(SQL, "i.indrelid");
    this.names = names;
  }

  /** What is read from now on was not there before. */
  void begin() {
    begun = true;
  }

  /** Whether what is read next was done outside any transaction, where builds are concurrent. */
  void alone(boolean now) {
    alone = now;
  }

  @Override
  CatalogueRow<IndexState> row(ResultSet row) throws SQLException {
    long number = row.getLong("indexrelid");
    long table = row.getLong("indrelid");
    if (!begun) {
      existed.add(number);
    } else if (alone && !existed.contains(number) && row.getBoolean("concurrently")) {
      concurrent.add(number);
    }
    var state =
        new IndexState(
            row.getString("relname"),
            ColumnRows.name(names, table),
            names.onTarget(table),
            existed.contains(number),
            row.getString("amname"),
            row.getBoolean("indisunique"),
            row.getBoolean("indisprimary"),
            row.getBoolean("indisexclusion"),
            row.getBoolean("indisvalid"),
            concurrent.contains(number),
            strings(row, "columns"),
            row.getBoolean("partial"),
            row.getString("definition"));
    return new CatalogueRow<>(
        number,
        table,
        row.getLong("relfilenode"),
        compared(
            state.name(),
            state.unique(),
            state.primary(),
            state.exclusion(),
            state.valid(),
            row.getString("key")),
        state);
  }
}

package io.whimbrel.executor.backup;

import io.whimbrel.executor.schema.Quoted;
import java.io.IOException;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Brings a table's rows back by their difference: the backup is loaded beside the table and
 * checked, then rows that are not in it leave, and rows that are missing come back. A row that
 * differs leaves and comes back, so that rows may have changed places in a unique index.
 *
 * <p>Rows are the same if every value has the same bytes, since equal is not the same: 1.0 equals
 * 1.00.
 */
final class TableDifference {
  private static final String SIDE = "pg_temp.whimbrel_side";

  /** The columns of the primary key, or of another unique index that knows every row. */
  private static final String KEY =
      """
      SELECT (SELECT array_agg(a.attname ORDER BY k.place)
              FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k(attnum, place)
              JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
              WHERE k.place <= i.indnkeyatts)
      FROM pg_catalog.pg_index i
      WHERE i.indrelid = ? AND i.indisunique AND i.indimmediate AND i.indisvalid
        AND i.indpred IS NULL AND i.indexprs IS NULL
        AND NOT EXISTS (
          SELECT FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type y ON y.oid = a.atttypid
          WHERE a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey::int2[])
            AND (NOT a.attnotnull OR a.attgenerated <> ''
              OR y.typtype <> 'b' OR y.typnamespace <> 'pg_catalog'::regnamespace))
        AND NOT EXISTS (SELECT FROM pg_catalog.pg_rewrite r WHERE r.ev_class = i.indrelid)
        AND pg_catalog.has_database_privilege(current_database(), 'TEMPORARY')
      ORDER BY i.indisprimary DESC, i.indnkeyatts, i.indexrelid
      LIMIT 1
      """;

  private final Connection connection;
  private final TableShape shape;
  private final List<String> key;

  private TableDifference(Connection connection, TableShape shape, List<String> key) {
    this.connection = connection;
    this.shape = shape;
    this.key = key;
  }

  /**
   * Puts the rows back.
   *
   * @return false if rows cannot be told apart, or not be changed one by one; nothing was done then
   * @throws RestoreFailed if what was loaded is not what the manifest says
   */
  static boolean restore(
      Connection connection, TableShape shape, BackupManifest.Table table, InputStream text)
      throws SQLException, IOException, RestoreFailed {
    List<String> key = key(connection, shape);
    if (key.isEmpty()) {
      return false;
    }
    var difference = new TableDifference(connection, shape, key);
    difference.load(table, text);
    difference.apply();
    return true;
  }

  private void load(BackupManifest.Table table, InputStream text)
      throws SQLException, IOException, RestoreFailed {
    execute(
        "CREATE TEMPORARY TABLE whimbrel_side ON COMMIT DROP AS SELECT %s FROM ONLY %s WITH NO DATA"
            .formatted(Quoted.names(shape.storedColumns()), Quoted.table(shape.name())));
    TableCopy.in(connection, SIDE, shape.storedColumns(), text);
    Fingerprint loaded = ContentFingerprint.of(connection, shape, SIDE);
    if (!loaded.equals(table.contents())) {
      throw new RestoreFailed(
          "the contents of " + shape.name() + " as loaded are not those of the backup");
    }
    execute("ANALYZE " + SIDE);
  }

  private void apply() throws SQLException {
    String columns = Quoted.names(shape.storedColumns());
    String table = Quoted.table(shape.name());
    execute(
        """
        DELETE FROM ONLY %s AS t WHERE NOT EXISTS (
          SELECT FROM %s AS s WHERE %s AND pg_catalog.record_image_eq(ROW (%s), ROW (%s)))
        """
            .formatted(table, SIDE, sameKey(), of("t"), of("s")));
    execute(
        """
        INSERT INTO %s (%s) OVERRIDING SYSTEM VALUE
        SELECT %s FROM %s AS s WHERE NOT EXISTS (SELECT FROM ONLY %s AS t WHERE %s)
        """
            .formatted(table, columns, columns, SIDE, table, sameKey()));
    execute("DROP TABLE " + SIDE);
  }

  private String sameKey() {
    return key.stream()
        .map(column -> "t.%1$s = s.%1$s".formatted(Quoted.name(column)))
        .collect(Collectors.joining(" AND "));
  }

  private String of(String alias) {
    return shape.storedColumns().stream()
        .map(column -> alias + "." + Quoted.name(column))
        .collect(Collectors.joining(", "));
  }

  private static List<String> key(Connection connection, TableShape shape) throws SQLException {
    var key = new ArrayList<String>();
    try (PreparedStatement query = connection.prepareStatement(KEY)) {
      query.setLong(1, shape.oid());
      try (ResultSet row = query.executeQuery()) {
        if (row.next()) {
          key.addAll(List.of((String[]) row.getArray(1).getArray()));
        }
      }
    }
    return key;
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}

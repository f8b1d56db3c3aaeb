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
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Brings a table's rows back by their difference: the backup is loaded beside the table, then rows
 * that are not in it leave, and rows that are missing come back. A row that differs leaves and
 * comes back, so that rows may have changed places in a unique index.
 *
 * <p>Rows are the same if every value has the same bytes, since equal is not the same: 1.0 equals
 * 1.00.
 */
final class TableDifference {
  private static final String SIDE = "pg_temp.whimbrel_side";
  private static final String DIFFERING = "pg_temp.whimbrel_differing";

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
   * @param now what the table holds, under a lock that keeps others away
   * @return what it holds then, reckoned from the rows that left and came; empty if rows cannot be
   *     told apart, or not be changed one by one, and nothing was done then
   */
  static Optional<Fingerprint> restore(
      Connection connection, TableShape shape, Fingerprint now, InputStream text)
      throws SQLException, IOException {
    List<String> key = key(connection, shape);
    if (key.isEmpty()) {
      return Optional.empty();
    }
    var difference = new TableDifference(connection, shape, key);
    difference.load(text);
    return Optional.of(difference.apply(now));
  }

  private void load(InputStream text) throws SQLException, IOException {
    execute(
        "CREATE TEMPORARY TABLE whimbrel_side ON COMMIT DROP AS SELECT %s FROM ONLY %s WITH NO DATA"
            .formatted(Quoted.names(shape.storedColumns()), Quoted.table(shape.name())));
    TableCopy.in(connection, SIDE, shape.storedColumns(), text);
  }

  private Fingerprint apply(Fingerprint now) throws SQLException {
    String columns = Quoted.names(shape.storedColumns());
    String table = Quoted.table(shape.name());
    execute(
        """
        CREATE TEMPORARY TABLE whimbrel_differing ON COMMIT DROP AS
        SELECT t.ctid AS leaves, s.ctid AS comes FROM ONLY %s AS t FULL JOIN %s AS s ON %s
        WHERE t.ctid IS NULL OR s.ctid IS NULL OR NOT (%s)
        """
            .formatted(table, SIDE, sameKey(), RowHash.same(shape.stored(), "t", "s")));
    Fingerprint left =
        changed(
            "DELETE FROM ONLY %s WHERE ctid IN (SELECT leaves FROM %s)"
                .formatted(table, DIFFERING));
    Fingerprint came =
        changed(
            """
            INSERT INTO %s (%s) OVERRIDING SYSTEM VALUE
            SELECT %s FROM %s WHERE ctid IN (SELECT comes FROM %s)
            """
                .formatted(table, columns, columns, SIDE, DIFFERING));
    execute("DROP TABLE " + SIDE + ", " + DIFFERING);
    return now.changed(left, came);
  }

  /** Runs a statement that changes rows, and answers what these come to. */
  private Fingerprint changed(String sql) throws SQLException {
    String counting =
        "WITH changed AS (%s RETURNING %s AS hash) SELECT count(*), coalesce(sum(hash), 0) FROM changed"
            .formatted(sql, RowHash.of(shape.stored()));
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(counting)) {
      row.next();
      return Fingerprint.of(shape, row.getLong(1), row.getString(2));
    }
  }

  private String sameKey() {
    return key.stream()
        .map(column -> "t.%1$s = s.%1$s".formatted(Quoted.name(column)))
        .collect(Collectors.joining(" AND "));
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

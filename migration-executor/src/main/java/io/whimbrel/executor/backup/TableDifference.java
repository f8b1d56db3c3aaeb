package io.whimbrel.executor.backup;

import io.whimbrel.executor.schema.Quoted;
import java.io.IOException;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Brings a table's rows back by their difference: rows written since the backup leave, and those
 * rows of the backup come back that the table has not kept.
 *
 * <p>PostgreSQL never changes a row where it is: it writes a new version, marked with the
 * transaction that wrote it. What carries the mark of a transaction that had ended before the
 * backup is therefore in the backup, as it is. Where that does not hold, for instance on a server
 * that was set back to an earlier state, the fingerprint tells, and the caller loads everything.
 */
final class TableDifference {
  /** If more of the rows are lost, it is quicker to load all. */
  private static final int LOST_AT_MOST_ONE_OF = 3;

  private static final String SIDE = "pg_temp.whimbrel_side";

  /** Rules would do something else than to change rows; coming rows wait in a temporary table. */
  private static final String POSSIBLE =
      """
      SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_rewrite WHERE ev_class = ?)
        AND pg_catalog.has_database_privilege(current_database(), 'TEMPORARY')
      """;

  private static final String KEY =
      """
      SELECT a.attname
      FROM pg_catalog.pg_index i
      JOIN pg_catalog.pg_attribute a
        ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey::int2[])
      WHERE i.indrelid = ? AND i.indisprimary
      """;

  /** How many transactions ago the first one began that a backup does not know. */
  private static final String AGE = "SELECT age(?::xid)";

  private final Connection connection;
  private final TableShape shape;

  /** The condition that a row is as it was in the backup. */
  private final String kept;

  /** The column that a row comes to. */
  private final String hash;

  private TableDifference(Connection connection, TableShape shape, String kept)
      throws SQLException {
    this.connection = connection;
    this.shape = shape;
    this.kept = kept;
    this.hash = RowHash.of(connection, shape.stored()) + " AS hash";
  }

  /** The rows of the table in the backup, from their begin at every call. */
  interface Rows {
    InputStream open() throws IOException;
  }

  /**
   * Puts the rows back.
   *
   * @param now what the table holds, under a lock that keeps others away
   * @param wanted what it holds in the backup
   * @param horizon of the backup
   * @return what the table holds then, reckoned from the rows that left and came; empty if all of
   *     it has to be loaded, whatever it holds then
   */
  static Optional<Fingerprint> restore(
      Connection connection,
      TableShape shape,
      Fingerprint now,
      Fingerprint wanted,
      long horizon,
      Rows rows)
      throws SQLException, IOException {
    if (shape.stored().isEmpty() || !isPossible(connection, shape)) {
      return Optional.empty();
    }
    String kept = "age(xmin) > " + age(connection, horizon);
    var difference = new TableDifference(connection, shape, kept);
    Optional<LostRows> lost = difference.lost(rows);
    return lost.isEmpty() ? Optional.empty() : difference.exchange(now, wanted, rows, lost.get());
  }

  /** Empty if the table does not have its rows in the order of the backup, or has lost many. */
  private Optional<LostRows> lost(Rows rows) throws SQLException, IOException {
    Set<String> key = key();
    List<String> stored = shape.storedColumns();
    List<String> compared = stored.stream().filter(key::contains).toList();
    boolean[] inKey = new boolean[stored.size()];
    for (int i = 0; i < inKey.length; i++) {
      inKey[i] = key.contains(stored.get(i));
    }
    Map<String, String> before = LocalSettings.set(connection, TableCopy.STORED_ORDER);
    try (var copied = new CopiedRows(rows.open(), inKey)) {
      TableCopy.out(
          connection,
          "SELECT %s FROM ONLY %s WHERE %s"
              .formatted(Quoted.names(compared), Quoted.table(shape.name()), kept),
          copied);
      LocalSettings.put(connection, before);
      LostRows lost = copied.lost();
      boolean few = lost.count() <= lost.rows() / LOST_AT_MOST_ONE_OF;
      return copied.aligned() && few && lost.complete() ? Optional.of(lost) : Optional.empty();
    }
  }

  private Optional<Fingerprint> exchange(
      Fingerprint now, Fingerprint wanted, Rows rows, LostRows lost)
      throws SQLException, IOException {
    String columns = Quoted.names(shape.storedColumns());
    String table = Quoted.table(shape.name());
    execute(
        "CREATE TEMPORARY TABLE whimbrel_side ON COMMIT DROP AS SELECT %s FROM ONLY %s WITH NO DATA"
            .formatted(columns, table));
    try (InputStream coming = lost.in(rows.open())) {
      TableCopy.in(connection, SIDE, shape.storedColumns(), coming);
    }
    Fingerprint come = sum("SELECT " + hash + " FROM " + SIDE);
    Fingerprint left =
        sum("DELETE FROM ONLY " + table + " WHERE NOT " + kept + " RETURNING " + hash);
    if (!now.changed(left, come).equals(wanted)) {
      execute("DROP TABLE " + SIDE);
      return Optional.empty();
    }
    Fingerprint came =
        sum(
            "INSERT INTO %1$s (%2$s) OVERRIDING SYSTEM VALUE SELECT %2$s FROM %3$s"
                    .formatted(table, columns, SIDE)
                + " RETURNING "
                + hash);
    execute("DROP TABLE " + SIDE);
    return Optional.of(now.changed(left, came));
  }

  /**
   * What some rows come to.
   *
   * @param statement answers the hash of each
   */
  private Fingerprint sum(String statement) throws SQLException {
    String sql =
        "WITH rows AS (%s) SELECT count(*), coalesce(sum(hash), 0) FROM rows".formatted(statement);
    try (Statement query = connection.createStatement();
        ResultSet row = query.executeQuery(sql)) {
      row.next();
      return Fingerprint.of(shape, row.getLong(1), row.getString(2));
    }
  }

  /** What rows are told apart by, the less the better: the primary key, or else all of them. */
  private Set<String> key() throws SQLException {
    Set<String> key = new HashSet<>();
    try (PreparedStatement query = connection.prepareStatement(KEY)) {
      query.setLong(1, shape.oid());
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          key.add(row.getString(1));
        }
      }
    }
    key.retainAll(shape.storedColumns());
    return key.isEmpty() ? Set.copyOf(shape.storedColumns()) : key;
  }

  private static boolean isPossible(Connection connection, TableShape shape) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(POSSIBLE)) {
      query.setLong(1, shape.oid());
      try (ResultSet row = query.executeQuery()) {
        row.next();
        return row.getBoolean(1);
      }
    }
  }

  /** A row knows the lower half of the number of its transaction. */
  private static int age(Connection connection, long horizon) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(AGE)) {
      query.setString(1, Long.toString(horizon & 0xffffffffL));
      try (ResultSet row = query.executeQuery()) {
        row.next();
        return row.getInt(1);
      }
    }
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}

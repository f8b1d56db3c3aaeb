package io.whimbrel.executor.backup;

import io.whimbrel.event.TableName;
import io.whimbrel.executor.schema.Quoted;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;

/**
 * The one moment that everything in a backup is read at. The transaction that holds it keeps the
 * tables from being altered or dropped until they are copied; it ends with the backup.
 */
record SourceSnapshot(
    String name, String lsn, List<TableShape> shapes, SortedMap<TableName, Long> sizes) {

  /** Takes the snapshot on a connection that then must stay open and idle. */
  static SourceSnapshot take(Connection connection, BackupRequest request)
      throws SQLException, BackupFailed {
    Set<TableName> tables = TableCatalog.withDescendants(connection, request.tables());
    for (TableName table : request.tables()) {
      if (!tables.contains(table)) {
        throw new BackupFailed(
            BackupFailed.Reason.TABLE_GONE, "the table " + table + " does not exist any more");
      }
    }
    Preflight.rights(connection, tables);
    Collection<TableShape> found = TableCatalog.shapes(connection, tables).values();
    begin(connection);
    try (Statement statement = connection.createStatement()) {
      lock(statement, found, request.lockTimeout());
      TextSettings.set(connection);
      Map<TableName, TableShape> shapes = TableCatalog.shapes(connection, tables);
      try (ResultSet row =
          statement.executeQuery("SELECT pg_export_snapshot(), pg_current_wal_lsn()::text")) {
        row.next();
        return new SourceSnapshot(
            row.getString(1),
            row.getString(2),
            List.copyOf(shapes.values()),
            TableCatalog.sizes(connection, tables));
      }
    }
  }

  /** What the tables take on the server's disk. */
  long bytes() {
    return sizes.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Makes another connection read at the same moment. */
  void join(Connection connection) throws SQLException {
    begin(connection);
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET TRANSACTION SNAPSHOT " + Quoted.literal(name));
    }
    TextSettings.set(connection);
  }

  private static void begin(Connection connection) throws SQLException {
    connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    connection.setReadOnly(true);
    connection.setAutoCommit(false);
  }

  /** Before the snapshot is taken, so that no table can change between the two. */
  private static void lock(Statement statement, Collection<TableShape> shapes, Duration timeout)
      throws SQLException {
    List<TableName> lockable =
        shapes.stream().filter(shape -> !shape.kind().equals("f")).map(TableShape::name).toList();
    if (!lockable.isEmpty()) {
      statement.execute("SET LOCAL lock_timeout = " + timeout.toMillis());
      statement.execute("LOCK TABLE " + Quoted.tables(lockable) + " IN ACCESS SHARE MODE");
    }
  }
}

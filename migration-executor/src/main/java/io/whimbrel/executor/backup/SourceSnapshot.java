package io.whimbrel.executor.backup;

import io.whimbrel.event.BackupScope;
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
    String name,
    String lsn,
    long horizon,
    List<TableShape> shapes,
    SortedMap<TableName, Long> sizes) {
  private static final int ATTEMPTS = 5;

  /** Takes the snapshot on a connection that then must stay open and idle. */
  static SourceSnapshot take(Connection connection, BackupRequest request)
      throws SQLException, BackupFailed {
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      Set<TableName> tables = tables(connection, request);
      Preflight.rights(connection, tables);
      Collection<TableShape> found = TableCatalog.shapes(connection, tables).values();
      Preflight.allRows(connection, found);
      begin(connection);
      lock(connection, found, request.lockTimeout());
      TextSettings.set(connection);
      if (tables(connection, request).equals(tables)) {
        return of(connection, tables);
      }
      // A table came between the look and the lock, and is not held.
      connection.rollback();
      connection.setAutoCommit(true);
    }
    throw new BackupFailed(
        BackupFailed.Reason.DATABASE,
        "tables and partitions are made faster than they can be listed; try again later");
  }

  private static SourceSnapshot of(Connection connection, Set<TableName> tables)
      throws SQLException {
    Map<TableName, TableShape> shapes = TableCatalog.shapes(connection, tables);
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT pg_export_snapshot(), pg_current_wal_lsn()::text,"
                    + " pg_snapshot_xmin(pg_current_snapshot())::text")) {
      row.next();
      return new SourceSnapshot(
          row.getString(1),
          row.getString(2),
          row.getLong(3),
          List.copyOf(shapes.values()),
          TableCatalog.sizes(connection, tables));
    }
  }

  private static Set<TableName> tables(Connection connection, BackupRequest request)
      throws SQLException, BackupFailed {
    Set<TableName> tables = TableCatalog.withDescendants(connection, request.tables());
    for (TableName table : request.tables()) {
      if (!tables.contains(table)) {
        throw new BackupFailed(
            BackupFailed.Reason.TABLE_GONE, "the table " + table + " does not exist any more");
      }
    }
    if (request.scope() == BackupScope.DATABASE) {
      tables.addAll(TableCatalog.inDatabase(connection));
    }
    return tables;
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
    LocalSettings.set(connection, TableCopy.STORED_ORDER);
  }

  private static void begin(Connection connection) throws SQLException {
    connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    connection.setReadOnly(true);
    connection.setAutoCommit(false);
  }

  /** Before the snapshot is taken, so that no table can change between the two. */
  private static void lock(Connection connection, Collection<TableShape> shapes, Duration timeout)
      throws SQLException {
    List<TableName> lockable =
        shapes.stream().filter(shape -> !shape.kind().equals("f")).map(TableShape::name).toList();
    if (!lockable.isEmpty()) {
      try (Statement statement = connection.createStatement()) {
        statement.execute("SET LOCAL lock_timeout = " + timeout.toMillis());
        statement.execute("LOCK TABLE " + Quoted.tables(lockable) + " IN ACCESS SHARE MODE");
      }
    }
  }
}

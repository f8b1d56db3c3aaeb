package io.whimbrel.executor.backup;

import io.whimbrel.event.TableName;
import io.whimbrel.executor.schema.Quoted;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Takes fingerprints inside a transaction. Reads every row; changes nothing but what it puts back.
 */
public final class ContentFingerprint {
  private ContentFingerprint() {}

  /**
   * What the touched tables hold now, with their partitions; and the tables that have come since
   * {@code before}.
   *
   * @param connection in a transaction
   * @param schemas the target's schemas
   * @param before what was taken when the run's transaction began; null when it begins
   */
  public static ContentState take(
      Connection connection,
      Collection<String> schemas,
      Collection<TableName> touched,
      @Nullable ContentState before)
      throws SQLException {
    Set<TableName> existing = TableCatalog.inSchemas(connection, schemas);
    Set<TableName> wanted = TableCatalog.withDescendants(connection, touched);
    if (before != null) {
      var come = new TreeSet<>(existing);
      before.tables().forEach(come::remove);
      wanted.addAll(come);
    }
    Map<String, String> settings = TextSettings.set(connection);
    var contents = new ArrayList<Fingerprint>();
    for (TableShape shape : TableCatalog.shapes(connection, wanted).values()) {
      if (shape.hasRows()) {
        contents.add(shape.hiding() ? uncovered(connection, shape) : of(connection, shape));
      }
    }
    LocalSettings.put(connection, settings);
    return new ContentState(List.copyOf(existing), contents);
  }

  /**
   * Keeps other sessions from writing to the touched tables until the transaction ends; they can
   * still read. Only between states taken under this lock is everything known to be the run's own.
   *
   * @throws SQLException 55P03 if the lock is not to be had in time
   */
  public static void excludeWriters(
      Connection connection, Collection<TableName> touched, Duration lockTimeout)
      throws SQLException {
    Set<TableName> tables = TableCatalog.withDescendants(connection, touched);
    if (tables.isEmpty()) {
      return;
    }
    try (Statement statement = connection.createStatement()) {
      String before = lockTimeout(statement);
      statement.execute("SET LOCAL lock_timeout = " + lockTimeout.toMillis());
      statement.execute("LOCK TABLE " + Quoted.tables(tables) + " IN SHARE ROW EXCLUSIVE MODE");
      statement.execute("SET LOCAL lock_timeout = " + Quoted.literal(before));
    }
  }

  private static String lockTimeout(Statement statement) throws SQLException {
    try (ResultSet row = statement.executeQuery("SHOW lock_timeout")) {
      row.next();
      return row.getString(1);
    }
  }

  /**
   * The fingerprint of a table whose owner has put himself under its row security, as a script may
   * have done a moment ago.
   */
  private static Fingerprint uncovered(Connection connection, TableShape shape)
      throws SQLException {
    String alter = "ALTER TABLE ONLY " + Quoted.table(shape.name());
    try (Statement statement = connection.createStatement()) {
      statement.execute(alter + " NO FORCE ROW LEVEL SECURITY");
      Fingerprint fingerprint = of(connection, shape);
      statement.execute(alter + " FORCE ROW LEVEL SECURITY");
      return fingerprint;
    }
  }

  /** The fingerprint of one table; the settings of {@link TextSettings} are in force. */
  static Fingerprint of(Connection connection, TableShape shape) throws SQLException {
    String sql =
        "SELECT count(*), coalesce(sum(%s), 0)::text FROM ONLY %s"
            .formatted(RowHash.of(connection, shape.stored()), Quoted.table(shape.name()));
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return Fingerprint.of(shape, row.getLong(1), row.getString(2));
    }
  }
}

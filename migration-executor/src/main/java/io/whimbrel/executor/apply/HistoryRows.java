package io.whimbrel.executor.apply;

import io.whimbrel.executor.catalog.Migration;
import io.whimbrel.executor.catalog.Script;
import io.whimbrel.executor.catalog.Version;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/**
 * Writes rows of the schema history, as Flyway writes them. The caller's transaction decides what
 * becomes of them.
 */
final class HistoryRows {

  private static final int MAX_DESCRIPTION = 200;
  private static final int MAX_SCRIPT = 1000;

  private final String table;

  /**
   * @param table its name in SQL, with its schema
   */
  HistoryRows(String table) {
    this.table = table;
  }

  /**
   * The statement that adds the row of a script that has just run. It returns the identifier of the
   * transaction, which is the script's own, and the execution time, with a space between.
   *
   * @param executionMillis an expression of SQL
   */
  String insertion(int rank, Script script, String executionMillis) {
    Migration migration = script.migration();
    Version version = migration.version();
    return ("insert into %s (installed_rank, version, description, type, script, checksum,"
            + " installed_by, installed_on, execution_time, success) values (%d, %s, %s, '%s',"
            + " %s, %d, current_user, clock_timestamp(), %s, true) returning"
            + " pg_current_xact_id() || ' ' || execution_time")
        .formatted(
            table,
            rank,
            version == null ? "null" : Sql.literal(version.toString()),
            Sql.literal(abbreviated(migration.description())),
            type(migration.kind()),
            Sql.literal(tail(migration.script())),
            script.checksum(),
            executionMillis);
  }

  private static String type(Migration.Kind kind) {
    return switch (kind) {
      case UNDO -> AppliedMigration.DELETED;
      case BASELINE -> AppliedMigration.BASELINE_SCRIPT;
      default -> "SQL";
    };
  }

  /** Milliseconds, in SQL, since the row of this rank was added. */
  String millisSince(int rank) {
    return ("greatest(0, cast(extract(epoch from cast(clock_timestamp() as timestamp) - (select"
            + " installed_on from %s where installed_rank = %d)) * 1000 as integer))")
        .formatted(table, rank);
  }

  void delete(Connection connection, int rank) throws SQLException {
    try (PreparedStatement delete =
        connection.prepareStatement("delete from " + table + " where installed_rank = ?")) {
      delete.setInt(1, rank);
      delete.executeUpdate();
    }
  }

  /** Brings a row in line with its file. */
  void align(Connection connection, HistoryRepair repair) throws SQLException {
    String sql =
        "update "
            + table
            + " set description = ?, type = 'SQL', checksum = ?"
            + " where installed_rank = ?";
    try (PreparedStatement update = connection.prepareStatement(sql)) {
      update.setString(1, abbreviated(repair.description()));
      update.setObject(2, repair.checksumAfter(), java.sql.Types.INTEGER);
      update.setInt(3, repair.rank());
      update.executeUpdate();
    }
  }

  /** The one after the last. */
  int nextRank(Connection connection) throws SQLException {
    String sql = "select coalesce(max(installed_rank), 0) + 1 from " + table;
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      result.next();
      return result.getInt(1);
    }
  }

  /** Adds a row of what is no script that has just run; its time is zero, as Flyway writes it. */
  void insert(
      Connection connection,
      int rank,
      @Nullable String version,
      String description,
      String type,
      String script,
      @Nullable Integer checksum)
      throws SQLException {
    String sql =
        "insert into "
            + table
            + " (installed_rank, version, description, type, script, checksum, installed_by,"
            + " execution_time, success) values (?, ?, ?, ?, ?, ?, current_user, 0, true)";
    try (PreparedStatement insert = connection.prepareStatement(sql)) {
      insert.setInt(1, rank);
      insert.setString(2, version);
      insert.setString(3, description);
      insert.setString(4, type);
      insert.setString(5, script);
      insert.setObject(6, checksum, java.sql.Types.INTEGER);
      insert.executeUpdate();
    }
  }

  private static String abbreviated(String description) {
    return description.length() <= MAX_DESCRIPTION
        ? description
        : description.substring(0, MAX_DESCRIPTION - 3) + "...";
  }

  private static String tail(String script) {
    return script.length() <= MAX_SCRIPT
        ? script
        : "..." + script.substring(script.length() - MAX_SCRIPT + 3);
  }
}

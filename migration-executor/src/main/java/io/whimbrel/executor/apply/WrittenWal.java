package io.whimbrel.executor.apply;

import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * How much WAL a session writes. PostgreSQL counts it by session from version 18 on, with that of
 * parallel workers; before, it is known of the whole server only, and so not of a migration.
 */
public final class WrittenWal {
  /** What the counts of a transaction, or of a message, need so that they are exact behind it. */
  static final String COUNT = "select pg_stat_force_next_flush()";

  /** What the session has written by the end of its last transaction. */
  static final String TOTAL =
      "select cast(wal_bytes as bigint) from pg_stat_get_backend_wal(pg_backend_pid())";

  private static final int SINCE = 18;

  private final Connection connection;
  private final boolean counted;
  private @Nullable Long before;

  WrittenWal(Connection connection) throws SQLException {
    this.connection = connection;
    this.counted = connection.getMetaData().getDatabaseMajorVersion() >= SINCE;
  }

  boolean counted() {
    return counted;
  }

  /** Has what a transaction writes told when it has ended. */
  void countAtCommit() throws SQLException {
    if (known()) {
      Sql.text(connection, COUNT);
    }
  }

  /** Whether it has been begun, and the session may ask. */
  boolean known() {
    return before != null;
  }

  /** Begins to count. */
  public void begin() {
    if (counted) {
      try {
        Sql.text(connection, COUNT);
        before = total();
      } catch (SQLException e) {
        // Whatever is done next in the session says so.
        before = null;
      }
    }
  }

  /**
   * The bytes written since it was last asked, or begun; null if they are not known. Everything of
   * the session has to be committed and {@linkplain TargetSession#reset() reset}.
   */
  public @Nullable Long bytes() {
    Long begin = before;
    if (begin == null) {
      return null;
    }
    try {
      before = total();
    } catch (SQLException e) {
      // The migration is there all the same.
      before = null;
    }
    return before == null ? null : Long.valueOf(before - begin);
  }

  private @Nullable Long total() throws SQLException {
    String bytes = Sql.text(connection, TOTAL);
    return bytes == null ? null : Long.valueOf(bytes);
  }
}

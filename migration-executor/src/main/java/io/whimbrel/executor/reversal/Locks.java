package io.whimbrel.executor.reversal;

import io.whimbrel.executor.rehearsal.ServerWide;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;
import org.postgresql.PGStatement;

/**
 * What the open transaction may have written to, by the locks that it holds.
 *
 * @param rewritable relations whose contents may be others now
 * @param written those among them that a statement inserted, updated or deleted rows of, if any
 * @param met those among them of which there were any
 * @param cluster whether something was changed that all databases of the server share, as a role
 */
record Locks(Set<Long> rewritable, Set<Long> written, Set<Long> met, boolean cluster) {

  private static final String SQL =
      """
      SELECT l.relation::bigint, bool_or(l.mode = 'RowExclusiveLock'),
        pg_catalog.pg_stat_get_xact_tuples_inserted(l.relation)
          + pg_catalog.pg_stat_get_xact_tuples_updated(l.relation)
          + pg_catalog.pg_stat_get_xact_tuples_deleted(l.relation) > 0
      FROM pg_catalog.pg_locks l
      WHERE l.pid = pg_catalog.pg_backend_pid() AND l.locktype = 'relation'
        AND l.mode IN ('RowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
        AND l.relation >= 16384 AND l.database = (SELECT oid FROM pg_catalog.pg_database
          WHERE datname = current_database())
      GROUP BY l.relation
      UNION ALL SELECT 0, NULL, (
      """
          + ServerWide.WRITTEN
          + ") > 0";

  static PreparedStatement query(Connection connection) throws SQLException {
    PreparedStatement query = connection.prepareStatement(SQL);
    query.unwrap(PGStatement.class).setPrepareThreshold(1);
    return query;
  }

  static Locks held(PreparedStatement query) throws SQLException {
    Set<Long> rewritable = new HashSet<>();
    Set<Long> written = new HashSet<>();
    Set<Long> met = new HashSet<>();
    boolean cluster = false;
    try (ResultSet row = query.executeQuery()) {
      while (row.next()) {
        if (row.getLong(1) == 0) {
          cluster = row.getBoolean(3);
          continue;
        }
        rewritable.add(row.getLong(1));
        if (row.getBoolean(2)) {
          written.add(row.getLong(1));
        }
        if (row.getBoolean(3)) {
          met.add(row.getLong(1));
        }
      }
    }
    return new Locks(rewritable, written, met, cluster);
  }
}

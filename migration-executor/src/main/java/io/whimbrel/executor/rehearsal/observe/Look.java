package io.whimbrel.executor.rehearsal.observe;

import io.whimbrel.executor.rehearsal.ServerWide;
import io.whimbrel.executor.rehearsal.facts.LockMode;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What PostgreSQL says of the transaction that is open: its locks, and how many rows of each
 * catalogue it has written. Both only grow until it ends.
 *
 * @param written rows written since the session's statistics were last flushed, by catalogue
 * @param held locks on relations of users
 * @param lockTimeoutMs as set now; 0 is for ever
 * @param outside rows written of what is not the database's own: roles, other databases
 */
record Look(Map<String, Long> written, List<Held> held, long lockTimeoutMs, long outside) {

  private static final String SQL =
      """
      SELECT 0 AS what, c.relname::text, 0 AS relation, 0 AS table, NULL::boolean AS kind,
        pg_catalog.pg_stat_get_xact_tuples_inserted(c.oid)
          + pg_catalog.pg_stat_get_xact_tuples_updated(c.oid)
          + pg_catalog.pg_stat_get_xact_tuples_deleted(c.oid) AS number
      FROM pg_catalog.pg_class c
      WHERE c.relnamespace = 'pg_catalog'::regnamespace AND c.relname IN
        ('pg_class', 'pg_attribute', 'pg_attrdef', 'pg_index', 'pg_constraint', 'pg_namespace',
         'pg_inherits', 'pg_rewrite', 'pg_sequence', 'pg_extension', 'pg_type', 'pg_enum',
         'pg_proc', 'pg_trigger', 'pg_policy', 'pg_statistic_ext', 'pg_description',
         'pg_default_acl')
      UNION ALL
      SELECT 1, l.mode, l.relation, coalesce(i.indrelid, l.relation), i.indexrelid IS NOT NULL,
        pg_catalog.pg_stat_get_xact_numscans(l.relation)
      FROM pg_catalog.pg_locks l
      LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = l.relation
      WHERE l.locktype = 'relation' AND l.pid = pg_catalog.pg_backend_pid() AND l.granted
        AND l.relation >= 16384
        AND l.database = (SELECT d.oid FROM pg_catalog.pg_database d
          WHERE d.datname = pg_catalog.current_database())
      UNION ALL
      SELECT 2, NULL, 0, 0, NULL, (extract(epoch FROM
        pg_catalog.current_setting('lock_timeout')::interval) * 1000)::bigint
      UNION ALL
      SELECT 3, NULL, 0, 0, NULL, (
      """
          + ServerWide.WRITTEN
          + ")";

  /**
   * A lock.
   *
   * @param table the table of an index, otherwise the relation itself
   * @param scans sequential scans of the relation since the statistics were last flushed
   */
  record Held(long relation, long table, boolean index, LockMode mode, long scans) {}

  static Look at(Connection connection) throws SQLException {
    Map<String, Long> written = new HashMap<>();
    List<Held> held = new ArrayList<>();
    long lockTimeout = 0;
    long outside = 0;
    try (PreparedStatement query = connection.prepareStatement(SQL);
        ResultSet row = query.executeQuery()) {
      while (row.next()) {
        switch (row.getInt(1)) {
          case 0 -> written.put(row.getString(2), row.getLong(6));
          case 1 ->
              held.add(
                  new Held(
                      row.getLong(3),
                      row.getLong(4),
                      row.getBoolean(5),
                      LockMode.of(row.getString(2)),
                      row.getLong(6)));
          case 2 -> lockTimeout = row.getLong(6);
          default -> outside = row.getLong(6);
        }
      }
    }
    return new Look(written, held, lockTimeout, outside);
  }

  /** How many rows of a catalogue have been written since another look. */
  long rowsSince(Look before, String catalogue) {
    return written.getOrDefault(catalogue, 0L) - before.written.getOrDefault(catalogue, 0L);
  }

  /** Whether one of the catalogues has been written to since another look. */
  boolean wroteSince(Look before, String... catalogues) {
    for (String catalogue : catalogues) {
      if (rowsSince(before, catalogue) != 0) {
        return true;
      }
    }
    return false;
  }

  /** Whether it has changed what is not the scratch database's own: roles, other databases. */
  boolean wroteOutsideSince(Look before) {
    return outside != before.outside;
  }
}

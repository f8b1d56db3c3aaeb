package io.whimbrel.executor.apply;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * How far a statement that has been running for a while is, as the server says.
 *
 * @param query what runs, as far as the server keeps its text
 * @param phase the server's own word for what it is doing; null if it does not say
 * @param part of the statement that is done, from 0 to 1; it may go back
 */
record StatementProgress(String query, @Nullable String phase, double part) {

  /** All stages of a statement get as much, as no one knows how long they take. */
  private static final String SQL =
      """
      select a.query, p.phase,
        (p.stage + least(1, coalesce(cast(p.done as double precision) / nullif(p.total, 0), 0)))
          / p.stages
      from pg_catalog.pg_stat_activity a left join (
        select pid, phase,
          case when phase like 'building index%' then
              case when phase like '%scanning table' then 0 else 1 end
            when phase in ('initializing', 'waiting for writers before build') then 0
            else 2 end as stage, 3 as stages,
          case when blocks_total > 0 then blocks_done else tuples_done end as done,
          case when blocks_total > 0 then blocks_total else tuples_total end as total
        from pg_catalog.pg_stat_progress_create_index
        union all
        select pid, phase,
          case when phase in ('initializing', 'scanning heap') then 0
            when phase like 'vacuuming%' then 1 else 2 end, 3,
          case when phase = 'scanning heap' then heap_blks_scanned
            when phase = 'vacuuming heap' then heap_blks_vacuumed else 0 end,
          heap_blks_total
        from pg_catalog.pg_stat_progress_vacuum
        union all
        select pid, phase,
          case when phase like '%scanning heap' or phase = 'initializing' then 0
            when phase in ('sorting tuples', 'writing new heap') then 1 else 2 end, 3,
          case when phase = 'seq scanning heap' then heap_blks_scanned else 0 end, heap_blks_total
        from pg_catalog.pg_stat_progress_cluster
        union all
        select pid, lower(command), 0, 1, bytes_processed, bytes_total
        from pg_catalog.pg_stat_progress_copy
      ) p on p.pid = a.pid
      where a.pid = ?
      """;

  /** Of a session; null if it is gone. */
  static @Nullable StatementProgress of(Connection watching, int pid) throws SQLException {
    try (PreparedStatement query = watching.prepareStatement(SQL)) {
      query.setInt(1, pid);
      try (ResultSet row = query.executeQuery()) {
        String text = row.next() ? row.getString(1) : null;
        return text == null
            ? null
            : new StatementProgress(text, row.getString(2), row.getDouble(3));
      }
    }
  }
}

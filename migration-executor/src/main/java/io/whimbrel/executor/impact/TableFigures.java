package io.whimbrel.executor.impact;

import io.whimbrel.executor.impact.TableImpact.Column;
import io.whimbrel.executor.impact.TableImpact.Links;
import io.whimbrel.executor.impact.TableImpact.Vacuum;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the catalogue and the statistics say of a table; nothing here opens it, so nothing waits.
 *
 * @param parts tables that hold rows
 * @param tuples rows by the last estimate; negative if a part has none
 * @param pages of the heap when the estimate was made
 * @param live rows as the statistics count them
 * @param asOf when the estimate was made
 * @param changed rows changed since
 * @param toastPages by the last estimate
 * @param writes rows inserted, updated and deleted since the statistics were reset
 */
record TableFigures(
    int parts,
    double tuples,
    long pages,
    long live,
    @Nullable Instant asOf,
    long changed,
    long toastPages,
    long writes,
    Links links,
    Vacuum vacuum) {

  private static final String FIGURES =
      """
      select f.root,
        count(*) filter (where c.relkind <> 'p'),
        sum(c.reltuples::float8) filter (where c.relkind <> 'p'),
        coalesce(bool_or(c.reltuples < 0) filter (where c.relkind <> 'p'), false),
        coalesce(sum(c.relpages::int8) filter (where c.relkind <> 'p'), 0),
        coalesce(sum(s.n_live_tup), 0),
        min(greatest(s.last_analyze, s.last_autoanalyze, s.last_vacuum, s.last_autovacuum)),
        coalesce(sum(s.n_mod_since_analyze), 0),
        coalesce(sum(t.relpages::int8), 0),
        coalesce(sum(s.n_tup_ins + s.n_tup_upd + s.n_tup_del), 0),
        (select count(*) from pg_catalog.pg_constraint k
          where k.conrelid = f.root and k.contype = 'f'),
        (select count(*) from pg_catalog.pg_constraint k
          where k.confrelid = f.root and k.contype = 'f' and k.conparentid = 0),
        (select count(*) from pg_catalog.pg_trigger g
          where g.tgrelid = f.root and not g.tgisinternal),
        coalesce(sum(s.n_dead_tup), 0),
        max(greatest(s.last_vacuum, s.last_autovacuum)),
        max(v.pid),
        coalesce(bool_or(age(c.relfrozenxid)
          > current_setting('autovacuum_freeze_max_age')::int8) filter (
            where c.relkind in ('r', 'm')), false)
      from unnest(?::oid[], ?::oid[]) as f (root, oid)
      join pg_catalog.pg_class c on c.oid = f.oid
      left join pg_catalog.pg_class t on t.oid = c.reltoastrelid
      left join pg_catalog.pg_stat_all_tables s on s.relid = c.oid
      left join pg_catalog.pg_stat_progress_vacuum v on v.relid = c.oid
      group by f.root
      """;

  private static final String COLUMNS =
      """
      select r.root, a.attname, format_type(a.atttypid, a.atttypmod),
        a.attcollation <> 0 and not coalesce((select l.collcollate in ('C', 'POSIX')
          from pg_catalog.pg_collation l where l.oid = a.attcollation), false),
        avg(s.avg_width)::int, avg(s.null_frac)::float8
      from (select distinct root from unnest(?::oid[], ?::oid[]) as f (root, oid)) r
      join pg_catalog.pg_attribute a on a.attrelid = r.root
      left join lateral (
        select st.avg_width, st.null_frac from unnest(?::oid[], ?::oid[]) as m (root, oid)
        join pg_catalog.pg_class c on c.oid = m.oid
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        join pg_catalog.pg_stats st on st.schemaname = n.nspname and st.tablename = c.relname
        where m.root = r.root and st.attname = a.attname) s on true
      where a.attnum > 0 and not a.attisdropped
      group by r.root, a.attnum, a.attname, a.atttypid, a.atttypmod, a.attcollation
      order by r.root, a.attnum
      """;

  private static final String WRITES =
      """
      select f.root, coalesce(sum(s.n_tup_ins + s.n_tup_upd + s.n_tup_del), 0)
      from unnest(?::oid[], ?::oid[]) as f (root, oid)
      join pg_catalog.pg_stat_all_tables s on s.relid = f.oid
      group by f.root
      """;

  /** Whether no estimate has been made. */
  boolean neverAnalyzed() {
    return tuples < 0;
  }

  static Map<Long, TableFigures> read(Connection connection, Families families)
      throws SQLException {
    Map<Long, TableFigures> figures = new HashMap<>();
    families.ask(connection, FIGURES, row -> figures.put(row.getLong(1), of(row)));
    return figures;
  }

  private static TableFigures of(ResultSet row) throws SQLException {
    return new TableFigures(
        row.getInt(2),
        row.getBoolean(4) ? -1 : row.getDouble(3),
        row.getLong(5),
        row.getLong(6),
        instant(row, 7),
        row.getLong(8),
        row.getLong(9),
        row.getLong(10),
        new Links(row.getInt(11), row.getInt(12), row.getInt(13)),
        new Vacuum(
            row.getLong(14),
            instant(row, 15),
            row.getObject(16, Integer.class),
            row.getBoolean(17)));
  }

  /** Columns by table, in their order. */
  static Map<Long, List<Column>> columns(Connection connection, Families families)
      throws SQLException {
    Map<Long, List<Column>> columns = new HashMap<>();
    try (var query = connection.prepareStatement(COLUMNS)) {
      for (int i = 1; i <= 3; i += 2) {
        query.setArray(i, connection.createArrayOf("oid", families.roots().toArray()));
        query.setArray(i + 1, connection.createArrayOf("oid", families.members().toArray()));
      }
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          columns
              .computeIfAbsent(row.getLong(1), root -> new ArrayList<>())
              .add(
                  new Column(
                      row.getString(2),
                      row.getString(3),
                      row.getBoolean(4),
                      row.getObject(5, Integer.class),
                      row.getObject(6, Double.class)));
        }
      }
    }
    return columns;
  }

  /** Rows written since the statistics were reset, by table. */
  static Map<Long, Long> writes(Connection connection, Families families) throws SQLException {
    Map<Long, Long> writes = new HashMap<>();
    families.ask(connection, WRITES, row -> writes.put(row.getLong(1), row.getLong(2)));
    return writes;
  }

  private static @Nullable Instant instant(ResultSet row, int column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }
}

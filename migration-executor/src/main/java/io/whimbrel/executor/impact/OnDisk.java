package io.whimbrel.executor.impact;

import io.whimbrel.executor.impact.TableImpact.Index;
import io.whimbrel.executor.impact.TableImpact.Size;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The files of tables and indexes. To see their sizes PostgreSQL opens them under ACCESS SHARE, for
 * which it waits behind whoever holds or wants ACCESS EXCLUSIVE; of those tables the last estimates
 * of the catalogue are taken instead, at once.
 *
 * @param unmeasured tables whose sizes are estimates
 */
record OnDisk(Map<Long, Size> sizes, Map<Long, List<Index>> indexes, Set<Long> unmeasured) {

  private static final String SIZES =
      """
      select f.root, coalesce(sum(pg_relation_size(c.oid)), 0),
        coalesce(sum(pg_total_relation_size(nullif(c.reltoastrelid, 0))), 0),
        coalesce(sum(pg_indexes_size(c.oid)), 0)
      from unnest(?::oid[], ?::oid[]) as f (root, oid)
      join pg_catalog.pg_class c on c.oid = f.oid
      where c.relkind in ('r', 'm')
      group by f.root
      """;

  private static final String ESTIMATES =
      """
      select f.root, coalesce(sum(c.relpages::int8), 0) * b.bytes,
        coalesce(sum(t.relpages::int8), 0) * b.bytes,
        coalesce(sum(i.pages), 0)::int8 * b.bytes
      from unnest(?::oid[], ?::oid[]) as f (root, oid)
      join pg_catalog.pg_class c on c.oid = f.oid
      left join pg_catalog.pg_class t on t.oid = c.reltoastrelid
      left join lateral (select sum(x.relpages::int8) as pages from pg_catalog.pg_index k
        join pg_catalog.pg_class x on x.oid = k.indexrelid where k.indrelid = c.oid) i on true
      cross join (select current_setting('block_size')::int8 as bytes) b
      group by f.root, b.bytes
      """;

  // The parts of an index of a partitioned table are found as the index's own partitions.
  private static final String INDEXES =
      """
      with recursive part (root, top, oid) as (
        select x.indrelid, x.indexrelid, x.indexrelid from pg_catalog.pg_index x
        where x.indrelid in (select root from unnest(?::oid[], ?::oid[]) as f (root, oid))
        union
        select p.root, p.top, i.inhrelid
        from part p join pg_catalog.pg_inherits i on i.inhparent = p.oid)
      select p.root, c.relname, m.amname, x.indisunique,
        (select coalesce(sum(%s), 0) from part q join pg_catalog.pg_class r on r.oid = q.oid
          where q.top = p.top and r.relkind = 'i')::int8,
        (select array_agg(coalesce(a.attname, '') order by k.n)
          from unnest(x.indkey::int2[]) with ordinality as k (attnum, n)
          left join pg_catalog.pg_attribute a on a.attrelid = x.indrelid and a.attnum = k.attnum
          where k.n <= x.indnkeyatts)
      from part p join pg_catalog.pg_index x on x.indexrelid = p.oid and p.oid = p.top
      join pg_catalog.pg_class c on c.oid = x.indexrelid
      join pg_catalog.pg_am m on m.oid = c.relam
      order by p.root, c.relname
      """;

  private static final String MEASURED = INDEXES.formatted("pg_relation_size(r.oid)");

  private static final String ESTIMATED =
      INDEXES.formatted("r.relpages::int8 * current_setting('block_size')::int8");

  /** Tables, or an index of theirs, that someone holds or wants for themselves. */
  private static final String SHUT =
      """
      select distinct f.root
      from unnest(?::oid[], ?::oid[]) as f (root, oid)
      join pg_catalog.pg_class c on c.oid = f.oid
      left join pg_catalog.pg_index x on x.indrelid = f.oid
      join pg_catalog.pg_locks l on l.relation in (f.oid, x.indexrelid, c.reltoastrelid)
      where l.locktype = 'relation' and l.mode = 'AccessExclusiveLock'
        and l.database = (select oid from pg_catalog.pg_database
          where datname = current_database())
      """;

  /** Looks at all of them in one transaction, and at each in its own if one of them is shut. */
  static OnDisk read(ReadOnly session, Families families) throws SQLException {
    Set<Long> shut = session.look(connection -> shut(connection, families));
    Set<Long> open = new HashSet<>(families.names().keySet());
    open.removeAll(shut);
    OnDisk all = new OnDisk(new HashMap<>(), new HashMap<>(), new HashSet<>(shut));
    if (!all.measure(session, families.only(open))) {
      for (Long root : open) {
        if (!all.measure(session, families.only(Set.of(root)))) {
          all.unmeasured.add(root);
        }
      }
    }
    Families closed = families.only(all.unmeasured);
    session.look(
        connection -> {
          all.sizes(connection, closed, ESTIMATES, false);
          all.indexes(connection, closed, ESTIMATED);
          return closed;
        });
    return all;
  }

  private static Set<Long> shut(Connection connection, Families families) throws SQLException {
    Set<Long> shut = new HashSet<>();
    families.ask(connection, SHUT, row -> shut.add(row.getLong(1)));
    return shut;
  }

  /** False if someone has shut one of them in the meantime, or it was dropped. */
  private boolean measure(ReadOnly session, Families families) throws SQLException {
    try {
      session.look(
          connection -> {
            sizes(connection, families, SIZES, true);
            indexes(connection, families, MEASURED);
            return families;
          });
      return true;
    } catch (SQLException e) {
      if (SqlStates.fatal(e)) {
        throw e;
      }
      return false;
    }
  }

  private void sizes(Connection connection, Families families, String sql, boolean measured)
      throws SQLException {
    families.ask(
        connection,
        sql,
        row ->
            sizes.put(
                row.getLong(1),
                new Size(row.getLong(2), row.getLong(3), row.getLong(4), measured)));
  }

  private void indexes(Connection connection, Families families, String sql) throws SQLException {
    families.names().keySet().forEach(root -> indexes.put(root, new ArrayList<>()));
    families.ask(
        connection,
        sql,
        row -> {
          List<Index> found = indexes.get(row.getLong(1));
          if (found != null) {
            found.add(index(row));
          }
        });
  }

  private static Index index(ResultSet row) throws SQLException {
    String[] keys = (String[]) row.getArray(6).getArray();
    return new Index(
        row.getString(2), row.getString(3), row.getBoolean(4), row.getLong(5), List.of(keys));
  }
}

package io.whimbrel.executor.impact;

import io.whimbrel.event.TableName;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Tables with their partitions, by number: {@code roots.get(i)} is the table that {@code
 * members.get(i)} belongs to, itself among them.
 *
 * @param names of the tables that were asked for and exist
 */
record Families(Map<Long, TableName> names, List<Long> roots, List<Long> members) {

  // Without functions that open the tables, as these would wait for whoever locks one.
  private static final String MEMBERS =
      """
      with recursive family (root, oid, nsp, rel) as (
        select c.oid, c.oid, n.nspname, c.relname
        from unnest(?::text[], ?::text[]) as wanted (nsp, rel)
        join pg_catalog.pg_namespace n on n.nspname = wanted.nsp
        join pg_catalog.pg_class c on c.relnamespace = n.oid and c.relname = wanted.rel
        where c.relkind in ('r', 'p', 'm', 'f')
        union
        select f.root, i.inhrelid, f.nsp, f.rel
        from family f join pg_catalog.pg_inherits i on i.inhparent = f.oid)
      select root, oid, nsp, rel from family order by nsp, rel, oid <> root, oid
      """;

  static Families of(Connection connection, Collection<TableName> tables) throws SQLException {
    Map<Long, TableName> names = new LinkedHashMap<>();
    List<Long> roots = new ArrayList<>();
    List<Long> members = new ArrayList<>();
    try (PreparedStatement query = connection.prepareStatement(MEMBERS)) {
      query.setArray(1, texts(connection, tables.stream().map(TableName::schema).toList()));
      query.setArray(2, texts(connection, tables.stream().map(TableName::name).toList()));
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          names.put(row.getLong(1), new TableName(row.getString(3), row.getString(4)));
          roots.add(row.getLong(1));
          members.add(row.getLong(2));
        }
      }
    }
    return new Families(names, roots, members);
  }

  /** Those of some tables alone. */
  Families only(Collection<Long> wanted) {
    Map<Long, TableName> some = new LinkedHashMap<>(names);
    some.keySet().retainAll(wanted);
    List<Long> theirRoots = new ArrayList<>();
    List<Long> theirMembers = new ArrayList<>();
    for (int i = 0; i < roots.size(); i++) {
      if (some.containsKey(roots.get(i))) {
        theirRoots.add(roots.get(i));
        theirMembers.add(members.get(i));
      }
    }
    return new Families(some, theirRoots, theirMembers);
  }

  /** Asks something that has {@code unnest(?::oid[], ?::oid[]) as f (root, oid)} in it first. */
  void ask(Connection connection, String sql, EachRow each) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(sql)) {
      query.setArray(1, connection.createArrayOf("oid", roots.toArray()));
      query.setArray(2, connection.createArrayOf("oid", members.toArray()));
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          each.read(row);
        }
      }
    }
  }

  /** What is done with a row of an answer. */
  interface EachRow {
    void read(ResultSet row) throws SQLException;
  }

  private static Array texts(Connection connection, List<String> texts) throws SQLException {
    return connection.createArrayOf("text", texts.toArray());
  }
}

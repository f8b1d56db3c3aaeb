package io.whimbrel.validation.rule;

import io.whimbrel.event.TableName;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Finds the tables to look at in the catalogue of the target. */
public final class ScopeReader {

  // What Whimbrel and Flyway keep in a target for themselves is not the user's data.
  static final String USER_TABLES =
      """
      select c.oid, n.nspname, c.relname, c.relkind, c.relispartition, c.relhassubclass,
             c.reltuples
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where c.relkind in ('r', 'p') and c.relpersistence <> 't'
         and n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'whimbrel')
         and c.relname <> 'flyway_schema_history'
      """;

  // Constraints of a partitioned table stand at its root, so ancestors count as touched.
  private static final String NAMED =
      """
      select t.oid from user_table t
        join unnest(?::text[], ?::text[]) as w (schema, name)
          on t.nspname = w.schema and t.relname = w.name
      """;

  private static final String BY_OID =
      "select t.oid from user_table t where t.oid = any (?::oid[])";
  private static final String NOT_OF_AN_EXTENSION =
      """
      select t.oid from user_table t
       where not exists (select from pg_depend d
                          where d.classid = 'pg_class'::regclass and d.objid = t.oid
                            and d.deptype = 'e')
      """;

  private static final String WITH_NEIGHBOURS =
      """
      with recursive user_table as (%s),
      named as (%s),
      ancestor as (
        select oid from named
        union select i.inhparent from ancestor a join pg_inherits i on i.inhrelid = a.oid),
      descendant as (
        select oid from named
        union select i.inhrelid from descendant d join pg_inherits i on i.inhparent = d.oid),
      touched as (select oid from ancestor union select oid from descendant),
      neighbour as (
        select confrelid as oid from pg_constraint
         where contype = 'f' and conparentid = 0 and conrelid in (select oid from touched)
        union
        select conrelid from pg_constraint
         where contype = 'f' and conparentid = 0 and confrelid in (select oid from touched))
      select t.oid, t.nspname, t.relname, format('%%I.%%I', t.nspname, t.relname) as sql,
             t.relkind = 'p' as partitioned, t.relispartition as partition,
             t.relhassubclass as inherited, t.reltuples::int8 as rows,
             t.oid in (select oid from touched) as touched,
             array(select a.attname from pg_index i, unnest(i.indkey) with ordinality as k (n, at),
                          pg_attribute a
                    where i.indrelid = t.oid and i.indisprimary
                      and a.attrelid = t.oid and a.attnum = k.n and k.at <= i.indnkeyatts
                    order by k.at)::text[] as key,
             array(select format('%%I', a.attname)
                     from pg_index i, unnest(i.indkey) with ordinality as k (n, at), pg_attribute a
                    where i.indrelid = t.oid and i.indisprimary
                      and a.attrelid = t.oid and a.attnum = k.n and k.at <= i.indnkeyatts
                    order by k.at) as key_sql
        from user_table t
       where t.oid in (select oid from touched) or t.oid in (select oid from neighbour)
       order by touched desc, t.nspname, t.relname
      """;

  private ScopeReader() {}

  /** The named tables, as far as they are there, with what belongs to them. */
  public static Scope named(Connection connection, Collection<TableName> names)
      throws SQLException {
    List<TableName> wanted = names.stream().distinct().sorted().toList();
    String[] schemas = wanted.stream().map(TableName::schema).toArray(String[]::new);
    String[] tables = wanted.stream().map(TableName::name).toArray(String[]::new);
    List<Table> found =
        Query.catalogue(connection, sql(NAMED), ScopeReader::table, schemas, tables);
    Set<TableName> there = new HashSet<>();
    found.forEach(table -> there.add(table.name()));
    return new Scope(found, wanted.stream().filter(name -> !there.contains(name)).toList());
  }

  /** Every table of the database, all of them touched. */
  public static Scope database(Connection connection) throws SQLException {
    return new Scope(
        Query.catalogue(connection, sql(NOT_OF_AN_EXTENSION), ScopeReader::table), List.of());
  }

  /** These tables with what belongs to them; all of them count as touched. */
  static Scope of(Connection connection, Long[] oids) throws SQLException {
    return new Scope(
        Query.catalogue(connection, sql(BY_OID), ScopeReader::table, new Object[][] {oids}),
        List.of());
  }

  private static String sql(String named) {
    return WITH_NEIGHBOURS.formatted(USER_TABLES, named);
  }

  private static Table table(ResultSet row) throws SQLException {
    List<String> names = Query.strings(row, "key");
    List<String> quoted = Query.strings(row, "key_sql");
    List<Table.Column> key = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      key.add(new Table.Column(names.get(i), quoted.get(i)));
    }
    return new Table(
        row.getLong("oid"),
        new TableName(row.getString("nspname"), row.getString("relname")),
        row.getString("sql"),
        row.getBoolean("partitioned"),
        row.getBoolean("partition"),
        row.getBoolean("touched"),
        row.getBoolean("inherited"),
        row.getLong("rows"),
        key);
  }
}

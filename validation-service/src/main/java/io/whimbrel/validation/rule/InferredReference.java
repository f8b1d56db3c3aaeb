package io.whimbrel.validation.rule;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/**
 * A column that looks like a reference to another table's primary key and is under no foreign key.
 *
 * @param column as the catalogue spells it
 * @param columnSql as SQL
 * @param parentSql the parent as FROM item, all its rows
 * @param parentName for people
 * @param parentKey as SQL
 */
record InferredReference(
    Table child,
    String column,
    String columnSql,
    String parentSql,
    String parentName,
    String parentKey) {

  // A name that fits two tables says nothing, and x_id beside x_type refers to many tables. The
  // names a parent may be meant by are made first and then joined, as a thousand tables have many
  // columns.
  static final String BY_NAME =
      """
      with parent as (
        select c.oid as parent, c.relnamespace as namespace, lower(c.relname) as name,
               a.attname as key, a.atttypid as key_type,
               format('%I.%I', n.nspname, c.relname) as sql,
               n.nspname || '.' || c.relname as display
          from pg_index i
          join pg_class c on c.oid = i.indrelid
          join pg_namespace n on n.oid = c.relnamespace
          join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0]
         where i.indisprimary and i.indnkeyatts = 1
           and c.relkind in ('r', 'p') and not c.relispartition and c.relpersistence <> 't'),
      stem as (
        select parent, name as stem from parent
        union select parent, left(name, -1) from parent where name like '%s'
        union select parent, left(name, -2) from parent where name like '%es'
        union select parent, left(name, -3) || 'y' from parent where name like '%ies'),
      child as (
        select a.attrelid, a.attnum, a.attname, a.atttypid, c.relnamespace,
               lower(a.attname) as name
          from pg_attribute a
          join pg_class c on c.oid = a.attrelid and c.relkind in ('r', 'p')
           and not c.relispartition
         where a.attnum > 0 and not a.attisdropped and lower(a.attname) ~ '[^_]_?id$'),
      fitting as (
        select child.attrelid, child.attnum, stem.parent
          from child join stem on stem.stem = regexp_replace(child.name, '_?id$', '')
        union
        select child.attrelid, child.attnum, p.parent
          from child join parent p on p.key = child.attname
         where not exists (select from pg_index i
                            where i.indrelid = child.attrelid and i.indisprimary
                              and i.indnkeyatts = 1 and i.indkey[0] = child.attnum)),
      candidate as (
        select child.attrelid, child.attnum, child.attname, p.sql, p.display, p.key,
               count(*) over (partition by child.attrelid, child.attnum) as parents
          from fitting f
          join child using (attrelid, attnum)
          join parent p on p.parent = f.parent and p.parent <> child.attrelid
           and p.namespace = child.relnamespace and p.key_type = child.atttypid
         where (child.attrelid = any (?) or p.parent = any (?))
           and not exists (select from pg_constraint k
                            where k.contype = 'f' and k.conrelid = child.attrelid
                              and child.attnum = any (k.conkey))
           and not exists (select from pg_attribute t
                            where t.attrelid = child.attrelid and t.attnum > 0
                              and not t.attisdropped
                              and lower(t.attname) = regexp_replace(child.name, 'id$', 'type')))
      select attrelid, attname, format('%I', attname) as column_sql, sql, display,
             format('%I', key) as key_sql
        from candidate
       where parents = 1
       order by attrelid::regclass::text, attnum
      """;

  static Optional<InferredReference> read(ResultSet row, Scope scope) throws SQLException {
    Optional<Table> child = scope.table(row.getLong("attrelid"));
    if (child.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new InferredReference(
            child.get(),
            row.getString("attname"),
            row.getString("column_sql"),
            row.getString("sql"),
            row.getString("display"),
            row.getString("key_sql")));
  }

  /** FROM item of the child's rows, named {@code c}. */
  String children() {
    return child.ownRows() + " as c";
  }

  String withoutParent() {
    return "c.%s is not null and not exists (select from %s as p where p.%s = c.%s)"
        .formatted(columnSql, parentSql, parentKey, columnSql);
  }
}

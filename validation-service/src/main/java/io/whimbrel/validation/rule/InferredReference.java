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

  // A name that fits two tables says nothing, and x_id beside x_type refers to many tables.
  static final String BY_NAME =
      """
      with parent as (
        select c.oid, c.relnamespace, c.relname, a.attname, a.atttypid,
               format('%I.%I', n.nspname, c.relname) as sql,
               n.nspname || '.' || c.relname as display
          from pg_index i
          join pg_class c on c.oid = i.indrelid
          join pg_namespace n on n.oid = c.relnamespace
          join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0]
         where i.indisprimary and i.indnkeyatts = 1
           and c.relkind in ('r', 'p') and not c.relispartition and c.relpersistence <> 't'),
      candidate as (
        select a.attrelid, a.attnum, a.attname, p.*,
               count(*) over (partition by a.attrelid, a.attnum) as parents
          from pg_attribute a
          join pg_class c on c.oid = a.attrelid and c.relkind in ('r', 'p')
           and not c.relispartition
          join parent p (parent, namespace, name, key, key_type, sql, display)
            on p.namespace = c.relnamespace and p.parent <> c.oid and p.key_type = a.atttypid
         where a.attnum > 0 and not a.attisdropped
           and (a.attrelid = any (?) or p.parent = any (?))
           and (lower(a.attname) in (lower(p.name) || '_id', lower(p.name) || 'id')
                or lower(p.name) in (regexp_replace(lower(a.attname), '_?id$', '') || 's',
                                     regexp_replace(lower(a.attname), '_?id$', '') || 'es',
                                     regexp_replace(lower(a.attname), 'y_?id$', '') || 'ies')
                   and lower(a.attname) ~ '.id$'
                or a.attname = p.key and lower(p.key) ~ '.id$'
                   and not exists (select from pg_index i
                                    where i.indrelid = a.attrelid and i.indisprimary
                                      and i.indnkeyatts = 1 and i.indkey[0] = a.attnum))
           and not exists (select from pg_constraint f
                            where f.contype = 'f' and f.conrelid = a.attrelid
                              and a.attnum = any (f.conkey))
           and not exists (select from pg_attribute t
                            where t.attrelid = a.attrelid and t.attnum > 0 and not t.attisdropped
                              and lower(t.attname) = regexp_replace(lower(a.attname), 'id$', 'type')))
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

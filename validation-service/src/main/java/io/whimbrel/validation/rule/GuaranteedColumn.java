package io.whimbrel.validation.rule;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/**
 * A column that PostgreSQL guarantees to hold no NULL.
 *
 * @param name as the catalogue spells it
 * @param sql as SQL
 */
record GuaranteedColumn(Table table, String name, String sql) {

  // A partition's columns are read with its root. A NOT NULL that is not valid is not guaranteed.
  static final String ALL =
      """
      select a.attrelid, a.attname, format('%I', a.attname) as column_sql
        from pg_attribute a join pg_class c on c.oid = a.attrelid
       where a.attnum > 0 and not a.attisdropped and a.attnotnull
         and a.attrelid = any (?) and not c.relispartition
         and not exists (select from pg_constraint n
                          where n.contype = 'n' and n.conrelid = a.attrelid
                            and n.conkey[1] = a.attnum and not n.convalidated)
       order by a.attrelid::regclass::text, a.attnum
      """;

  static Optional<GuaranteedColumn> read(ResultSet row, Scope scope) throws SQLException {
    Optional<Table> table = scope.table(row.getLong("attrelid"));
    if (table.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new GuaranteedColumn(table.get(), row.getString("attname"), row.getString("column_sql")));
  }

  /** Of a column that is NOT NULL the planner takes IS NULL for false and does not look. */
  String isNull() {
    return "num_nulls(c." + sql + ") > 0";
  }
}

package io.whimbrel.validation.rule;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/**
 * A column of dates or points in time.
 *
 * @param name as the catalogue spells it
 * @param sql as SQL
 */
record DateColumn(Table table, String name, String sql) {

  static final String ALL =
      """
      select a.attrelid, a.attname, format('%I', a.attname) as column_sql
        from pg_attribute a join pg_class c on c.oid = a.attrelid
       where a.attnum > 0 and not a.attisdropped and a.attrelid = any (?) and not c.relispartition
         and a.atttypid in ('date'::regtype, 'timestamp'::regtype, 'timestamptz'::regtype)
       order by a.attrelid::regclass::text, a.attnum
      """;

  static Optional<DateColumn> read(ResultSet row, Scope scope) throws SQLException {
    Optional<Table> table = scope.table(row.getLong("attrelid"));
    if (table.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new DateColumn(table.get(), row.getString("attname"), row.getString("column_sql")));
  }

  String standsForSomethingElse() {
    return "c.%s >= '9999-01-01' or c.%s = '-infinity'".formatted(sql, sql);
  }
}

package io.whimbrel.validation.rule;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/**
 * An integer column that leads an index over all rows and that a sequence fills or the primary key
 * consists of, so that it grows and its largest value is found without a scan.
 *
 * @param name as the catalogue spells it
 * @param sql as SQL
 */
record IntegerKey(Table table, String name, String sql, String type) {

  static final String INDEXED =
      """
      select distinct on (c.oid, a.attnum) a.attrelid, a.attname, format('%I', a.attname) as column_sql,
             a.atttypid::regtype::text as type
        from pg_class c
        join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        join pg_index i on i.indrelid = c.oid and i.indkey[0] = a.attnum
        join pg_class ic on ic.oid = i.indexrelid
        join pg_am m on m.oid = ic.relam and m.amname = 'btree'
       where c.oid = any (?) and not c.relispartition and i.indisvalid and i.indpred is null
         and a.atttypid in ('int2'::regtype, 'int4'::regtype, 'int8'::regtype)
         and (i.indisprimary and i.indnkeyatts = 1 or a.attidentity <> ''
              or exists (select from pg_attrdef d
                          where d.adrelid = c.oid and d.adnum = a.attnum
                            and pg_get_expr(d.adbin, d.adrelid) like 'nextval(%'))
      """;

  static Optional<IntegerKey> read(ResultSet row, Scope scope) throws SQLException {
    Optional<Table> table = scope.table(row.getLong("attrelid"));
    if (table.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new IntegerKey(
            table.get(),
            row.getString("attname"),
            row.getString("column_sql"),
            row.getString("type")));
  }

  String percentUsed() {
    String greatest =
        switch (type) {
          case "smallint" -> "32767";
          case "integer" -> "2147483647";
          default -> "9223372036854775807";
        };
    return "select coalesce(trunc(max(c.%s) * 100.0 / %s), 0)::int8 from %s as c"
        .formatted(sql, greatest, table.sql());
  }
}

package io.whimbrel.validation.rule;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A CHECK of a domain, on a column of that domain or of one made from it.
 *
 * @param name as the catalogue spells it
 * @param validate SQL that makes PostgreSQL look itself
 * @param column as SQL
 * @param expression in terms of VALUE
 */
record DomainCheck(String name, String validate, Table table, String column, String expression) {

  private static final String CHECKS =
      """
      with recursive carrier as (
        select con.oid as con, con.contypid as type from pg_constraint con
         where con.contype = 'c' and con.contypid <> 0 and %s
        union
        select carrier.con, t.oid from carrier
          join pg_type t on t.typtype = 'd' and t.typbasetype = carrier.type)
      select con.conname, a.attrelid, format('%%I', a.attname) as column_sql,
             pg_get_expr(con.conbin, 0) as expression,
             format('alter domain %%I.%%I validate constraint %%I;',
                    n.nspname, t.typname, con.conname) as validate
        from carrier
        join pg_constraint con on con.oid = carrier.con
        join pg_type t on t.oid = con.contypid
        join pg_namespace n on n.oid = t.typnamespace
        join pg_attribute a on a.atttypid = carrier.type and a.attnum > 0 and not a.attisdropped
       where a.attrelid = any (?)
       order by a.attrelid::regclass::text, a.attnum, con.conname
      """;

  static final String NOT_GUARANTEED = CHECKS.formatted("not con.convalidated");

  static final String ALL = CHECKS.formatted("true");

  static Optional<DomainCheck> read(ResultSet row, Scope scope) throws SQLException {
    Optional<Table> table = scope.table(row.getLong("attrelid"));
    if (table.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new DomainCheck(
            row.getString("conname"),
            row.getString("validate"),
            table.get(),
            row.getString("column_sql"),
            row.getString("expression")));
  }

  /**
   * FROM item with the key's columns as k1, k2 and so on, and the column as VALUE, which is how the
   * expression names it.
   */
  String from() {
    return "(select %s%s as value from %s) as d"
        .formatted(
            IntStream.range(0, table.key().size())
                .mapToObj(i -> table.key().get(i).sql() + " as k" + (i + 1) + ", ")
                .collect(Collectors.joining()),
            column,
            table.ownRows());
  }

  String keys() {
    return IntStream.rangeClosed(1, table.key().size())
        .mapToObj(i -> "k" + i)
        .collect(Collectors.joining(", "));
  }
}

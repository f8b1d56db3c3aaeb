package io.whimbrel.validation.rule;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A CHECK or NOT NULL constraint of a table.
 *
 * @param name as the catalogue spells it
 * @param sql its name as SQL
 * @param validated whether PostgreSQL guarantees it
 * @param enforced false for NOT ENFORCED, which has no VALIDATE
 * @param ownRowsOnly whether tables that inherit are exempt
 * @param expression of a CHECK, in terms of the table's columns
 * @param notNullColumn of a constraint that says no more than that a column is not NULL
 */
record Check(
    String name,
    String sql,
    Table table,
    boolean validated,
    boolean enforced,
    boolean ownRowsOnly,
    @Nullable String expression,
    @Nullable String notNullColumn) {

  // An inherited constraint is looked at where it was declared, over all who inherit it.
  private static final String CHECKS =
      """
      select con.conname, format('%I', con.conname) as sql, con.conrelid, con.connoinherit, con.convalidated,
             coalesce((to_jsonb(con) ->> 'conenforced')::boolean, true) as enforced,
             case con.contype when 'c' then pg_get_expr(con.conbin, con.conrelid) end as expression,
             case when a.attname is null then null
                  when con.contype = 'n'
                    or pg_get_expr(con.conbin, con.conrelid) = format('(%I IS NOT NULL)', a.attname)
                  then format('%I', a.attname) end as not_null_column
        from pg_constraint con
        left join pg_attribute a
          on a.attrelid = con.conrelid and cardinality(con.conkey) = 1 and a.attnum = con.conkey[1]
       where con.contype in ('c', 'n') and con.coninhcount = 0 and con.conrelid = any (?)
      """;

  private static final String IN_ORDER = " order by con.conrelid::regclass::text, con.conname";

  static final String NOT_GUARANTEED =
      CHECKS
          + """
           and (not con.convalidated
                or not coalesce((to_jsonb(con) ->> 'conenforced')::boolean, true))
          """
          + IN_ORDER;

  // NOT NULL that is guaranteed is a matter of the column, in every version of the catalogue.
  static final String ALL = CHECKS + " and (con.contype = 'c' or not con.convalidated)" + IN_ORDER;

  static Optional<Check> read(ResultSet row, Scope scope) throws SQLException {
    Optional<Table> table = scope.table(row.getLong("conrelid"));
    if (table.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Check(
            row.getString("conname"),
            row.getString("sql"),
            table.get(),
            row.getBoolean("convalidated"),
            row.getBoolean("enforced"),
            row.getBoolean("connoinherit"),
            row.getString("expression"),
            row.getString("not_null_column")));
  }

  String from() {
    return ownRowsOnly ? table.ownRows() : table.sql();
  }

  /** SQL that shows the rows and then, where PostgreSQL can, makes it look itself. */
  String remedy(String where) {
    String show = "select * from %s where %s;".formatted(from(), where);
    return enforced && !validated
        ? show
            + "\n-- once these rows are mended:\n"
            + "alter table %s validate constraint %s;".formatted(table.sql(), sql)
        : show;
  }
}

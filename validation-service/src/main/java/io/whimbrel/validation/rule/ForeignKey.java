package io.whimbrel.validation.rule;

import io.whimbrel.event.TableName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A foreign key as the catalogue has it, with names as SQL.
 *
 * @param name as the catalogue spells it
 * @param operators the constraint's own equality operators, parent on the left, column by column
 * @param full whether MATCH FULL
 * @param period whether the last column is a range that the parents' ranges cover together
 * @param state why PostgreSQL does not guarantee it, or that it does
 */
record ForeignKey(
    String name,
    String sql,
    Table child,
    Table parent,
    List<String> childColumns,
    List<String> parentColumns,
    List<String> operators,
    boolean full,
    boolean period,
    State state) {

  enum State {
    GUARANTEED,
    NOT_VALID,
    NOT_ENFORCED,
    TRIGGERS_DISABLED
  }

  // Columns that an older PostgreSQL's catalogue does not have are read through jsonb.
  static final String OF_TOUCHED =
      """
      select con.conname, format('%I', con.conname) as sql, con.conrelid, con.confrelid,
             con.confmatchtype = 'f' as full,
             coalesce((to_jsonb(con) ->> 'conperiod')::boolean, false) as period,
             case when not coalesce((to_jsonb(con) ->> 'conenforced')::boolean, true)
                  then 'NOT_ENFORCED'
                  when not con.convalidated then 'NOT_VALID'
                  when exists (select from pg_trigger g
                                where g.tgconstraint = con.oid and g.tgenabled in ('D', 'R'))
                  then 'TRIGGERS_DISABLED'
                  else 'GUARANTEED' end as state,
             array(select format('%I', a.attname) from unnest(con.conkey) with ordinality k (n, at)
                     join pg_attribute a on a.attrelid = con.conrelid and a.attnum = k.n
                    order by k.at) as child_columns,
             array(select format('%I', a.attname) from unnest(con.confkey) with ordinality k (n, at)
                     join pg_attribute a on a.attrelid = con.confrelid and a.attnum = k.n
                    order by k.at) as parent_columns,
             array(select format('operator(%I.%s)', n.nspname, o.oprname)
                     from unnest(con.conpfeqop) with ordinality k (op, at)
                     join pg_operator o on o.oid = k.op
                     join pg_namespace n on n.oid = o.oprnamespace
                    order by k.at) as operators
        from pg_constraint con
       where con.contype = 'f' and con.conparentid = 0
         and (con.conrelid = any (?) or con.confrelid = any (?))
       order by con.conrelid::regclass::text, con.conname
      """;

  /** Empty when an end of it is not the user's, as in a table that Whimbrel keeps for itself. */
  static Optional<ForeignKey> read(ResultSet row, Scope scope) throws SQLException {
    Optional<Table> child = scope.table(row.getLong("conrelid"));
    Optional<Table> parent = scope.table(row.getLong("confrelid"));
    return child.isPresent() && parent.isPresent()
        ? Optional.of(read(row, child.get(), parent.get()))
        : Optional.empty();
  }

  /** The foreign key that a run is about to add; empty if an end of it is not there yet. */
  static Optional<ForeignKey> planned(RuleContext context, Planned planned) throws SQLException {
    TableName referenced = planned.change().referencedTable();
    Optional<Table> found = referenced == null ? Optional.empty() : context.anyTable(referenced);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    Table parent = found.get();
    List<String> named = planned.change().referencedColumns();
    List<String> names =
        named == null ? parent.key().stream().map(Table.Column::name).toList() : named;
    List<Planned.Column> ours = planned.columns(context);
    List<Planned.Column> theirs = Planned.columns(context, parent, names);
    if (ours.isEmpty() || ours.size() != theirs.size()) {
      return Optional.empty();
    }
    List<String> operators = new ArrayList<>();
    for (int i = 0; i < ours.size(); i++) {
      operators.add(equality(context, theirs.get(i), ours.get(i)));
    }
    String name = String.join(", ", planned.change().columns());
    return Optional.of(
        new ForeignKey(
            name,
            name,
            planned.table(),
            parent,
            ours.stream().map(Planned.Column::sql).toList(),
            theirs.stream().map(Planned.Column::sql).toList(),
            operators,
            false,
            false,
            State.NOT_VALID));
  }

  /** An extension's type has an operator of its own, outside the search path. */
  private static String equality(RuleContext context, Planned.Column parent, Planned.Column child)
      throws SQLException {
    Long[] types = {parent.typeOid(), child.typeOid()};
    return context
        .catalogue(
            """
            select format('operator(%I.=)', n.nspname) from pg_operator o
              join pg_namespace n on n.oid = o.oprnamespace, (select ?::oid[] as types) as wanted
             where o.oprname = '=' and o.oprleft = types[1] and o.oprright = types[2]
             order by n.nspname <> 'pg_catalog'
             limit 1
            """,
            row -> row.getString(1), new Object[][] {types})
        .stream()
        .findFirst()
        .orElse("operator(pg_catalog.=)");
  }

  private static ForeignKey read(ResultSet row, Table child, Table parent) throws SQLException {
    return new ForeignKey(
        row.getString("conname"),
        row.getString("sql"),
        child,
        parent,
        Query.strings(row, "child_columns"),
        Query.strings(row, "parent_columns"),
        Query.strings(row, "operators"),
        row.getBoolean("full"),
        row.getBoolean("period"),
        State.valueOf(row.getString("state")));
  }

  /** FROM item of the child's rows, named {@code c}. */
  String children() {
    return child.ownRows() + " as c";
  }

  /** The children whose key is complete and has no parent. */
  String withoutParent() {
    return childColumns.stream()
            .map(column -> "c." + column + " is not null")
            .collect(Collectors.joining(" and "))
        + (period
            ? " and (" + noParentAtAll() + " or not " + covered() + ")"
            : " and " + noParentAtAll());
  }

  /** The children of a MATCH FULL key that is neither complete nor wholly NULL. */
  String partlyNull() {
    return "num_nulls(%s) between 1 and %d"
        .formatted(
            childColumns.stream().map(column -> "c." + column).collect(Collectors.joining(", ")),
            childColumns.size() - 1);
  }

  private String noParentAtAll() {
    return "not exists (select from " + parents() + ")";
  }

  private String covered() {
    int last = childColumns.size() - 1;
    return "c.%s <@ (select range_agg(p.%s) from %s)"
        .formatted(childColumns.get(last), parentColumns.get(last), parents());
  }

  private String parents() {
    return parent.ownRows()
        + " as p where "
        + IntStream.range(0, childColumns.size())
            .mapToObj(
                i ->
                    "p.%s %s c.%s"
                        .formatted(parentColumns.get(i), operators.get(i), childColumns.get(i)))
            .collect(Collectors.joining(" and "));
  }
}

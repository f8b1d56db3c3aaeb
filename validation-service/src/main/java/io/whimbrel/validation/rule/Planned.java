package io.whimbrel.validation.rule;

import io.whimbrel.event.PlannedChange;
import io.whimbrel.event.Severity;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a run is about to ask of the rows of a table that is there. */
record Planned(Table table, PlannedChange change) {

  /**
   * A column as it is before the run.
   *
   * @param name as the catalogue spells it
   * @param sql its name as SQL
   * @param type as PostgreSQL names it, without its modifier
   * @param typeOid of the type
   * @param category of the type: S for texts, N for numbers, D for dates and times
   * @param collation as SQL; null for the default one
   * @param hashable whether the type has a hash that goes with its equality
   */
  record Column(
      String name,
      String sql,
      String type,
      long typeOid,
      String category,
      @Nullable String collation,
      boolean hashable) {
    private static final String OF_TABLE =
        """
        select a.attname, format('%I', a.attname) as sql, a.atttypid::regtype::text as type,
               a.atttypid::int8 as type_oid, t.typcategory as category,
               case when a.attcollation <> t.typcollation
                    then (select format('%I.%I', n.nspname, co.collname)
                            from pg_collation co join pg_namespace n on n.oid = co.collnamespace
                           where co.oid = a.attcollation) end as collation,
               exists (select from pg_opclass o join pg_am m on m.oid = o.opcmethod
                        where m.amname = 'hash' and o.opcdefault
                          and o.opcintype = case a.atttypid when 'varchar'::regtype then 'text'::regtype
                                            else a.atttypid end) as hashable
          from pg_attribute a join pg_type t on t.oid = a.atttypid
         where a.attrelid = any (?::oid[]) and a.attnum > 0 and not a.attisdropped
        """;

    private static Column read(ResultSet row) throws SQLException {
      return new Column(
          row.getString("attname"),
          row.getString("sql"),
          row.getString("type"),
          row.getLong("type_oid"),
          row.getString("category"),
          row.getString("collation"),
          row.getBoolean("hashable"));
    }
  }

  /** Those of the change; none if one of them is yet to be added. */
  List<Column> columns(RuleContext context) throws SQLException {
    return columns(context, table, change.columns());
  }

  static List<Column> columns(RuleContext context, Table table, List<String> names)
      throws SQLException {
    Long[] oid = {table.oid()};
    Map<String, Column> there =
        context.catalogue(Column.OF_TABLE, Column::read, new Object[][] {oid}).stream()
            .collect(Collectors.toMap(Column::name, Function.identity()));
    List<Column> columns = new ArrayList<>();
    for (String name : names) {
      Column column = there.get(name);
      if (column == null) {
        return List.of();
      }
      columns.add(column);
    }
    return columns;
  }

  /** It warns only, as the run may mend the rows before it asks for them to be right. */
  Finding finding(Evidence evidence, String subject, String what, String remedy) {
    return new Finding(
        Severity.WARNING,
        table.name(),
        subject,
        evidence.rows(),
        what + ": the run fails half way unless it mends them first",
        evidence.keys(),
        remedy);
  }
}

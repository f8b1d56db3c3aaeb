package io.whimbrel.validation.rule;

import io.whimbrel.event.Severity;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Rows that are there twice: in every column, or in the columns that tell them apart for people.
 */
final class DuplicateData implements Rule {

  private static final RuleDescription DESCRIPTION =
      new RuleDescription(
          "duplicate_data",
          "No row is there twice",
          Category.DATA_INTEGRITY,
          Severity.WARNING,
          "Rows equal in every column, in tables without a primary key and without a unique"
              + " index; and rows equal in the columns of a declared natural key, where case and"
              + " spaces may be ignored.",
          "A data migration that ran twice leaves them, and nothing tells them apart afterwards:"
              + " they cannot be updated, deleted or replicated one by one.",
          "Remove the surplus rows and give the table a primary key.",
          CostClass.SORT,
          new Example(
"""
create table reading (sensor int, at timestamptz, degrees numeric);
insert into reading values (1, '2026-01-01 12:00Z', 20.5), (1, '2026-01-01 12:00Z', 20.5);
"""),
          new Example(
"""
create table reading (sensor int, at timestamptz, degrees numeric);
insert into reading values (1, '2026-01-01 12:00Z', 20.5), (1, '2026-01-01 12:01Z', 20.5);
"""));

  /** Types whose equal values have the same hash. */
  private static final Set<String> HASHABLE =
      Set.of(
          "smallint",
          "integer",
          "bigint",
          "numeric",
          "text",
          "character varying",
          "uuid",
          "boolean",
          "date",
          "timestamp without time zone",
          "timestamp with time zone");

  private static final String TYPES =
      """
      select attrelid || '.' || attname as column_key, atttypid::regtype::text as type
        from pg_attribute where attrelid = any (?) and attnum > 0 and not attisdropped
      """;

  private static final String WITHOUT_KEY =
      """
      select c.oid from pg_class c
       where c.oid = any (?) and not c.relispartition
         and not exists (select from pg_index i
                          where i.indrelid = c.oid and i.indisunique and i.indisvalid
                            and i.indpred is null)
      """;

  @Override
  public RuleDescription description() {
    return DESCRIPTION;
  }

  @Override
  public List<Look> looks(RuleContext context) throws SQLException {
    Set<Long> withoutKey =
        Set.copyOf(context.catalogue(WITHOUT_KEY, row -> row.getLong(1), context.scope().oids()));
    List<Look> looks = new ArrayList<>();
    for (Table table : context.scope().tables()) {
      if (withoutKey.contains(table.oid())) {
        looks.add(Look.Search.whole(table, rows -> wholeRows(rows, table)));
      }
    }
    Map<String, String> types = columnTypes(context);
    for (Declarations.NaturalKey key : context.declarations().naturalKeys()) {
      context
          .table(key.table())
          .ifPresent(
              table ->
                  looks.add(
                      Look.Search.whole(
                          table, rows -> naturalKey(context, rows, table, key, types))));
    }
    return looks;
  }

  /** By oid of the table and name of the column; empty if nobody asks. */
  private static Map<String, String> columnTypes(RuleContext context) throws SQLException {
    if (context.declarations().naturalKeys().isEmpty()) {
      return Map.of();
    }
    Map<String, String> types = new HashMap<>();
    context.catalogue(
        TYPES,
        row -> types.put(row.getString("column_key"), row.getString("type")),
        context.scope().oids());
    return types;
  }

  private static List<Finding> naturalKey(
      RuleContext context,
      Rows rows,
      Table table,
      Declarations.NaturalKey key,
      Map<String, String> types)
      throws SQLException {
    String columns = Sql.list(key.columns(), column -> compared(key, column));
    String complete = Sql.all(key.columns(), column -> "c." + Sql.name(column) + " is not null");
    int width = key.columns().size();
    String entries =
        IntStream.range(0, width)
            .mapToObj(i -> compared(key, key.columns().get(i)) + " as k" + (i + 1))
            .collect(Collectors.joining(", "));
    Duplicates duplicates =
        new Duplicates(
            "select %s from %s as c where %s".formatted(entries, table.ownRows(), complete),
            types(types, table, key).map(Duplicates::hash).orElse(null),
            Duplicates.names(width));
    Duplicates.Count count = duplicates.count(rows);
    if (count.rows() == 0) {
      return List.of();
    }
    String names = String.join(", ", key.columns());
    return List.of(
        new Finding(
            context.severity(table, key.severity(), Severity.WARNING),
            table.name(),
            names,
            count.rows(),
            "%d rows of %s share their %s with another"
                .formatted(count.rows(), table.name(), names),
            List.of(),
            "select %s, count(*) from %s as c where %s group by %s having count(*) > 1;"
                .formatted(columns, table.ownRows(), complete, columns)));
  }

  /** The types of what is compared; empty when one of them may have no hash. */
  private static Optional<List<String>> types(
      Map<String, String> declared, Table table, Declarations.NaturalKey key) {
    List<String> types = new ArrayList<>();
    for (String column : key.columns()) {
      String type =
          key.ignoreCase() || key.ignoreSpaces()
              ? "text"
              : declared.getOrDefault(table.oid() + "." + column, "");
      types.add(type);
    }
    return HASHABLE.containsAll(types) ? Optional.of(types) : Optional.empty();
  }

  private static String compared(Declarations.NaturalKey key, String column) {
    String value = "c." + Sql.name(column);
    if (key.ignoreSpaces()) {
      value = "regexp_replace(btrim(%s::text), '\\s+', ' ', 'g')".formatted(value);
    }
    return key.ignoreCase() ? "lower(%s::text)".formatted(value) : value;
  }

  private static List<Finding> wholeRows(Rows rows, Table table) throws SQLException {
    Duplicates duplicates =
        new Duplicates(
            "select row(r.*)::text as k from " + table.ownRows() + " as r",
            "hashtextextended(e.k, 0)",
            "e.k");
    long surplus = duplicates.count(rows).surplus();
    if (surplus == 0) {
      return List.of();
    }
    return List.of(
        new Finding(
            Severity.WARNING,
            table.name(),
            null,
            surplus,
            "%d rows of %s repeat another row in every column".formatted(surplus, table.name()),
            List.of(),
            "select count(*), r.* from %s as r group by r.* having count(*) > 1;"
                .formatted(table.sql())));
  }
}

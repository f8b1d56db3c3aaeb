package io.whimbrel.validation.rule;

import io.whimbrel.event.Severity;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Values out of bounds: declared ones, those of an integer key's type, and stand-ins for dates. */
final class DataRangeValidation implements Rule {

  private static final RuleDescription DESCRIPTION =
      new RuleDescription(
          "data_range_validation",
          "Values are within their bounds",
          Category.DATA_INTEGRITY,
          Severity.ERROR,
          "Values below or above a declared bound; integer keys that have used 80 % of their type"
              + " (a warning) or 95 %; in full mode dates that are infinite or after the year 9998,"
              + " which stand for something else (a warning).",
          "A key at the end of its type stops every insert, and changing its type rewrites the"
              + " table and all that refer to it.",
          "Mend the values; give a key that runs out a larger type in good time.",
          CostClass.SCAN,
          new Example(
              """
              data_range_validation:
                - { table: basket, column: quantity, min: 1, max: 100 }
              """,
              """
              create table basket (id smallint primary key, quantity int);
              insert into basket values (32000, 0);
              """),
          new Example(
              """
              data_range_validation:
                - { table: basket, column: quantity, min: 1, max: 100 }
              """,
              """
              create table basket (id int primary key, quantity int);
              insert into basket values (32000, 1), (32001, 100), (32002, null);
              """));

  @Override
  public RuleDescription description() {
    return DESCRIPTION;
  }

  @Override
  public List<Look> looks(RuleContext context) throws SQLException {
    List<Look> looks = new ArrayList<>();
    for (Declarations.Range range : context.declarations().ranges()) {
      context.table(range.table()).map(table -> look(context, table, range)).ifPresent(looks::add);
    }
    Long[] scope = context.scope().oids();
    for (IntegerKey key : context.subjects(IntegerKey.INDEXED, IntegerKey::read, scope)) {
      looks.add(new Look.Search(key.table(), rows -> used(context, rows, key)));
    }
    if (context.mode() == Mode.FULL) {
      context.subjects(DateColumn.ALL, DateColumn::read, scope).stream()
          .map(column -> standIns(context, column))
          .forEach(looks::add);
    }
    return looks;
  }

  private static Look look(RuleContext context, Table table, Declarations.Range range) {
    String column = Sql.name(range.column());
    String where =
        Stream.of(
                Optional.ofNullable(range.min())
                    .map(min -> "c." + column + " < " + Sql.literal(min)),
                Optional.ofNullable(range.max())
                    .map(max -> "c." + column + " > " + Sql.literal(max)))
            .flatMap(Optional::stream)
            .collect(Collectors.joining(" or "));
    return Look.Condition.on(
        table,
        table.ownRows(),
        where,
        evidence ->
            new Finding(
                context.severity(table, range.severity(), Severity.ERROR),
                table.name(),
                range.column(),
                evidence.rows(),
                "%d rows of %s have a %s out of its declared bounds"
                    .formatted(evidence.rows(), table.name(), range.column()),
                evidence.keys(),
                "select * from %s as c where %s;".formatted(table.ownRows(), where)));
  }

  private static List<Finding> used(RuleContext context, Rows rows, IntegerKey key)
      throws SQLException {
    int percent = (int) rows.count(key.percentUsed());
    if (percent < 80) {
      return List.of();
    }
    return List.of(
        new Finding(
            percent < 95 ? Severity.WARNING : context.severity(key.table(), Severity.ERROR),
            key.table().name(),
            key.name(),
            0,
            "the largest %s of %s is at %d %% of what its type %s can hold"
                .formatted(key.name(), key.table().name(), percent, key.type()),
            List.of(),
            null));
  }

  private static Look standIns(RuleContext context, DateColumn column) {
    Table table = column.table();
    return Look.Condition.on(
        table,
        table.ownRows(),
        column.standsForSomethingElse(),
        evidence ->
            new Finding(
                context.severity(table, Severity.WARNING),
                table.name(),
                column.name(),
                evidence.rows(),
                "%d rows of %s have a %s that is infinite or after the year 9998"
                    .formatted(evidence.rows(), table.name(), column.name()),
                evidence.keys(),
                "select * from %s as c where %s;"
                    .formatted(table.ownRows(), column.standsForSomethingElse())));
  }
}

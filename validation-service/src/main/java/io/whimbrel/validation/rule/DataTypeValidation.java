package io.whimbrel.validation.rule;

import io.whimbrel.event.PlannedChange;
import io.whimbrel.event.Severity;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Texts that are not of the type they are meant to be. */
final class DataTypeValidation implements Rule {
  private static final int INPUT_IS_VALID_SINCE = 16;

  private static final RuleDescription DESCRIPTION =
      new RuleDescription(
          "data_type_validation",
          "Texts are of the type they are meant to be",
          Category.DATA_INTEGRITY,
          Severity.ERROR,
          "Texts that cannot be converted to the type that is declared for them: numbers, dates,"
              + " json, uuid, any type there is. Before PostgreSQL 16, whole numbers, numeric and"
              + " uuid only; others are skipped there. Before a run, also the texts and numbers"
              + " that its plan gives a type they cannot be converted to; these warn, as the plan"
              + " may mend them or convert them otherwise.",
          "The first reader that converts the text fails on one row, and so does the migration"
              + " that gives the column its type.",
          "Mend the texts, then change the type of the column.",
          CostClass.SCAN,
          new Example(
              """
              data_type_validation:
                - { table: import_line, column: amount, type: integer }
              """,
              """
              create table import_line (id int primary key, amount text);
              insert into import_line values (1, '12'), (2, '1o'), (3, '99999999999');
              """),
          new Example(
              """
              data_type_validation:
                - { table: import_line, column: amount, type: integer }
              """,
              """
              create table import_line (id int primary key, amount text);
              insert into import_line values (1, '12'), (2, ' -10 '), (3, null);
              """));

  @Override
  public RuleDescription description() {
    return DESCRIPTION;
  }

  @Override
  public List<Look> looks(RuleContext context) throws SQLException {
    List<Look> looks = new ArrayList<>();
    for (Declarations.TypedText declared : context.declarations().types()) {
      Optional<Table> table = context.table(declared.table());
      if (table.isPresent()) {
        look(context, table.get(), declared).ifPresent(looks::add);
      }
    }
    for (Planned planned : context.planned(PlannedChange.Kind.TYPE)) {
      String type = planned.change().newType();
      for (Planned.Column column : planned.columns(context)) {
        PlannedType.failing(context, planned, column, String.valueOf(type))
            .ifPresent(where -> looks.add(look(planned, column, where)));
      }
    }
    return looks;
  }

  private static Look look(Planned planned, Planned.Column column, String where) {
    Table table = planned.table();
    return Look.Condition.on(
        table,
        table.sql(),
        where,
        evidence ->
            planned.finding(
                evidence,
                column.name(),
                "%d rows of %s have a %s that cannot become %s"
                    .formatted(
                        evidence.rows(), table.name(), column.name(), planned.change().newType()),
                "select * from %s as c where %s;".formatted(table.sql(), where)));
  }

  private static Optional<Look> look(
      RuleContext context, Table table, Declarations.TypedText declared) throws SQLException {
    String value = "c." + Sql.name(declared.column());
    return invalid(context, table, declared.column(), value, declared.type())
        .map(condition -> look(context, table, declared, condition));
  }

  /** The condition of a value whose text is not one of the type; empty if it cannot be told. */
  static Optional<String> invalid(
      RuleContext context, Table table, String column, String value, String type)
      throws SQLException {
    Optional<String> where =
        context.atLeast(INPUT_IS_VALID_SINCE)
            ? Optional.of("not pg_input_is_valid(%s::text, %s)".formatted(value, Sql.literal(type)))
            : byPattern(value + "::text", type);
    if (where.isEmpty()) {
      context.skip(
          "whether %s.%s is %s cannot be told before PostgreSQL 16"
              .formatted(table.name(), column, type));
    }
    return where;
  }

  private static Look look(
      RuleContext context, Table table, Declarations.TypedText declared, String where) {
    return Look.Condition.on(
        table,
        table.ownRows(),
        where,
        evidence ->
            new Finding(
                context.severity(table, declared.severity(), Severity.ERROR),
                table.name(),
                declared.column(),
                evidence.rows(),
                "%d rows of %s have a %s that is not %s"
                    .formatted(evidence.rows(), table.name(), declared.column(), declared.type()),
                evidence.keys(),
                "select * from %s as c where %s;".formatted(table.ownRows(), where)));
  }

  /** What older servers can tell. */
  private static Optional<String> byPattern(String text, String type) {
    return switch (type) {
      case "smallint", "int2" -> Optional.of(whole(text, "-32768", "32767"));
      case "integer", "int", "int4" -> Optional.of(whole(text, "-2147483648", "2147483647"));
      case "bigint", "int8" ->
          Optional.of(whole(text, "-9223372036854775808", "9223372036854775807"));
      case "numeric", "decimal" ->
          Optional.of(
              text + " !~ '^\\s*([+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?|[nN][aA][nN])\\s*$'");
      case "uuid" -> Optional.of(text + " !~* '^[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}$'");
      default -> Optional.empty();
    };
  }

  private static String whole(String text, String least, String most) {
    return "case when %s ~ '^\\s*[+-]?\\d+\\s*$' then %s::numeric not between %s and %s else %s is not null end"
        .formatted(text, text, least, most, text);
  }
}

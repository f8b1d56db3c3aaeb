package io.whimbrel.validation.rule;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Which values of a column cannot be converted to the type that it is to have. */
final class PlannedType {
  private static final List<String> WHOLE = List.of("smallint", "integer", "bigint");
  private static final Pattern LENGTH =
      Pattern.compile("(?:character varying|character)\\((\\d+)\\)");
  private static final Pattern NUMERIC = Pattern.compile("numeric\\((\\d+),(-?\\d+)\\)");

  private PlannedType() {}

  /**
   * The condition of a value that cannot be converted.
   *
   * @return empty if every value can be, or that cannot be told, which the context then notes
   */
  static Optional<String> failing(
      RuleContext context, Planned planned, Planned.Column column, String type)
      throws SQLException {
    String value = "c." + column.sql();
    Matcher length = LENGTH.matcher(type);
    if (length.matches()) {
      return Optional.of(
          "char_length(rtrim(%s::text, ' ')) > %s".formatted(value, length.group(1)));
    }
    if (column.category().equals("S")) {
      return text(context, planned, column, type);
    }
    return column.category().equals("N") ? number(value, column.type(), type) : Optional.empty();
  }

  private static Optional<String> text(
      RuleContext context, Planned planned, Planned.Column column, String type)
      throws SQLException {
    if (type.equals("text") || type.equals("character varying")) {
      return Optional.empty();
    }
    Optional<String> known = known(context, type);
    if (known.isEmpty()) {
      context.skip(
          "whether %s.%s can become %s cannot be told, as the type is not there yet"
              .formatted(planned.table().name(), column.name(), type));
      return Optional.empty();
    }
    return DataTypeValidation.invalid(
        context, planned.table(), column.name(), "c." + column.sql(), known.get());
  }

  private static Optional<String> number(String value, String from, String type) {
    if (WHOLE.contains(type)) {
      boolean wider = WHOLE.contains(from) && WHOLE.indexOf(from) <= WHOLE.indexOf(type);
      return wider
          ? Optional.empty()
          : Optional.of("round(%s::numeric) not between %s".formatted(value, bounds(type)));
    }
    Matcher numeric = NUMERIC.matcher(type);
    return numeric.matches()
        ? Optional.of(
            "%1$s::numeric <> 'NaN' and abs(round(%1$s::numeric, %3$s)) >= power(10::numeric, %2$s - %3$s)"
                .formatted(value, numeric.group(1), numeric.group(2)))
        : Optional.empty();
  }

  private static String bounds(String type) {
    return switch (type) {
      case "smallint" -> "-32768 and 32767";
      case "integer" -> "-2147483648 and 2147483647";
      default -> "-9223372036854775808 and 9223372036854775807";
    };
  }

  /** The type under a name that is found without a search path. */
  private static Optional<String> known(RuleContext context, String type) throws SQLException {
    List<String> names =
        Stream.concat(
                Stream.of(type),
                context.declared().schemas().stream().map(schema -> Sql.name(schema) + "." + type))
            .toList();
    for (String name : names) {
      String question = "select to_regtype(%s) is not null".formatted(Sql.literal(name));
      if (context.catalogue(question, row -> row.getBoolean(1)).get(0)) {
        return Optional.of(name);
      }
    }
    return Optional.empty();
  }
}

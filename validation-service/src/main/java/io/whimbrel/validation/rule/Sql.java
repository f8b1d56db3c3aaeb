package io.whimbrel.validation.rule;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Names and texts of people as SQL. */
public final class Sql {

  private Sql() {}

  public static String name(String identifier) {
    return '"' + identifier.replace("\"", "\"\"") + '"';
  }

  /** A literal without a type, which PostgreSQL takes for what it is compared with. */
  static String literal(String text) {
    String quoted = "'" + text.replace("\\", "\\\\").replace("'", "''") + "'";
    return text.indexOf('\\') < 0 ? quoted : " E" + quoted;
  }

  public static String list(List<String> names, Function<String, String> each) {
    return names.stream().map(each).collect(Collectors.joining(", "));
  }

  static String all(List<String> names, Function<String, String> each) {
    return names.stream().map(each).collect(Collectors.joining(" and "));
  }
}

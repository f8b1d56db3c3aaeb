package io.whimbrel.executor.catalog;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * How a script's own SET changes the way in which the rest of it is read: with {@code
 * standard_conforming_strings} off, a backslash escapes in every string.
 */
final class StringSyntax {

  private static final Set<String> OFF = Set.of("off", "false", "no", "0");

  private StringSyntax() {}

  /** Whether backslashes escape after the statement; empty if it does not say. */
  static Optional<Boolean> setBy(Statement statement) {
    if (!statement.begins("SET") || statement.head().size() < 4) {
      return Optional.empty();
    }
    Token scope = statement.head().get(1);
    int name = scope.is("SESSION") || scope.is("LOCAL") ? 2 : 1;
    if (statement.head().size() < name + 3
        || !statement.head().get(name).is("STANDARD_CONFORMING_STRINGS")) {
      return Optional.empty();
    }
    String value = statement.head().get(name + 2).text().replace("'", "");
    return Optional.of(OFF.contains(value.toLowerCase(Locale.ROOT)));
  }
}

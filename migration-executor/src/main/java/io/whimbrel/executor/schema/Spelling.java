package io.whimbrel.executor.schema;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The one place where PostgreSQL writes the same expression in two ways: {@code x IN ('a', 'b')}
 * over a varchar comes back as a cast of an array; parsed again and written, as an array of casts.
 */
final class Spelling {
  private static final String ELEMENT = "'(?:[^']|'')*'::character varying(?:\\(\\d+\\))?";

  private static final Pattern CAST_OF_ARRAY =
      Pattern.compile("\\(ARRAY\\[(" + ELEMENT + "(?:, " + ELEMENT + ")*)\\]\\)::text\\[\\]");

  private static final Pattern ONE = Pattern.compile(ELEMENT);

  private Spelling() {}

  static boolean same(@Nullable String one, @Nullable String other) {
    if (one == null || other == null || one.equals(other)) {
      return one == null ? other == null : one.equals(other);
    }
    return settled(one).equals(settled(other));
  }

  private static String settled(String expression) {
    if (!expression.contains("::text[]")) {
      return expression;
    }
    return CAST_OF_ARRAY
        .matcher(expression)
        .replaceAll(
            found ->
                Matcher.quoteReplacement(
                    "ARRAY[" + ONE.matcher(found.group(1)).replaceAll("($0)::text") + "]"));
  }
}

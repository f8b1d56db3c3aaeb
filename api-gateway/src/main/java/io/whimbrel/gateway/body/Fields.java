package io.whimbrel.gateway.body;

import io.whimbrel.event.RiskRuleName;
import io.whimbrel.gateway.problem.Problems;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the fields of bodies may hold, as far as that needs no look-up. */
public final class Fields {
  private static final Pattern TARGET = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");
  private static final int MAX_NAME = 255;
  private static final int MAX_NAMES = 100;
  private static final int MAX_TEXT = 1_000;

  private Fields() {}

  public static String target(@Nullable String value) {
    if (value == null || !TARGET.matcher(value).matches()) {
      throw Problems.badRequest(
          "target", "target must be the name of a target: " + TARGET.pattern() + ".");
    }
    return value;
  }

  /** The name of a migration or a version. It is never a path. */
  public static @Nullable String name(String field, @Nullable String value) {
    if (value == null) {
      return null;
    }
    if (value.isBlank()
        || value.length() > MAX_NAME
        || value.chars().anyMatch(c -> Character.isISOControl(c) || c == '/' || c == '\\')) {
      throw Problems.badRequest(
          field,
          field
              + " must be 1 to "
              + MAX_NAME
              + " characters without slashes or control characters.");
    }
    return value;
  }

  /** Names of migrations, or of rules. */
  public static @Nullable List<String> names(
      String field, @Nullable List<@Nullable String> values) {
    if (values == null) {
      return null;
    }
    if (values.size() > MAX_NAMES || values.contains(null)) {
      throw Problems.badRequest(
          field, field + " must be a list of at most " + MAX_NAMES + " names.");
    }
    return values.stream().map(value -> name(field, value)).filter(Objects::nonNull).toList();
  }

  /** Names of risks. */
  public static @Nullable List<String> risks(
      String field, @Nullable List<@Nullable String> values) {
    List<String> names = names(field, values);
    if (names != null) {
      RiskRuleName.complaint(field, names)
          .ifPresent(
              detail -> {
                throw Problems.badRequest(field, detail + ".");
              });
    }
    return names;
  }

  public static @Nullable String text(String field, @Nullable String value) {
    if (value != null
        && (value.length() > MAX_TEXT || value.chars().anyMatch(Character::isISOControl))) {
      throw Problems.badRequest(
          field, field + " must be at most " + MAX_TEXT + " characters, none of them controls.");
    }
    return value;
  }

  public static List<String> orElse(@Nullable List<String> value, List<String> otherwise) {
    return value == null ? otherwise : value;
  }

  public static boolean orElse(@Nullable Boolean value, boolean otherwise) {
    return value == null ? otherwise : value;
  }

  public static <E extends Enum<E>> E orElse(@Nullable E value, E otherwise) {
    return value == null ? otherwise : value;
  }
}

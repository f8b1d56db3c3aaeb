package io.whimbrel.executor.catalog;

import io.whimbrel.executor.catalog.Migration.Kind;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code V1_2__Add_user_table.sql}, {@code B1_2__all.sql}, {@code R__views.sql}, {@code
 * U1_2__Add_user_table.sql}.
 */
record FlywayFileName(Kind kind, @Nullable Version version, String description) {

  private static final String SUFFIX = ".sql";
  private static final String SEPARATOR = "__";
  private static final Pattern MIGRATION = Pattern.compile("([VUR]|B(?=\\d))(.*)");

  /**
   * Empty if the file is not a migration's.
   *
   * @throws Refusal if it seems to be meant as one, but has no proper name
   */
  static Optional<FlywayFileName> parse(String fileName) {
    Matcher matcher = MIGRATION.matcher(stem(fileName));
    if (!isSql(fileName) || !matcher.matches()) {
      return Optional.empty();
    }
    String rest = matcher.group(2);
    int separator = rest.indexOf(SEPARATOR);
    String version = separator < 0 ? rest : rest.substring(0, separator);
    String description =
        separator < 0 ? "" : rest.substring(separator + SEPARATOR.length()).replace('_', ' ');
    if (matcher.group(1).equals("R")) {
      return repeatable(version, description, separator);
    }
    Kind kind = kind(matcher.group(1));
    return Version.parse(version)
        .map(parsed -> Optional.of(new FlywayFileName(kind, parsed, description)))
        .orElseGet(() -> unversioned(version, separator));
  }

  /** A notice about a file that Flyway would run and Whimbrel does not. */
  static Optional<String> passedOver(String fileName) {
    if (!isSql(fileName)) {
      return Optional.empty();
    }
    return Optional.of("has no name of a migration, and is not run");
  }

  private static Kind kind(String prefix) {
    return switch (prefix) {
      case "V" -> Kind.VERSIONED;
      case "B" -> Kind.BASELINE;
      default -> Kind.UNDO;
    };
  }

  private static Optional<FlywayFileName> repeatable(
      String version, String description, int separator) {
    if (separator == 0) {
      return Optional.of(new FlywayFileName(Kind.REPEATABLE, null, description));
    }
    if (separator < 0 && !version.isEmpty()) {
      return Optional.empty(); // README.sql, Reports.sql
    }
    throw new Refusal("a repeatable migration has no version; name it R__description.sql");
  }

  private static Optional<FlywayFileName> unversioned(String version, int separator) {
    if (separator < 0 && !version.isEmpty() && !Character.isDigit(version.charAt(0))) {
      return Optional.empty(); // Views.sql, Users.sql
    }
    throw new Refusal(
        "the version is not numbers with dots or underscores; name it V1_2__description.sql");
  }

  /** By the suffix, in small letters or capitals. */
  static boolean isSql(String fileName) {
    int stem = fileName.length() - SUFFIX.length();
    return fileName.regionMatches(true, stem, SUFFIX, 0, SUFFIX.length());
  }

  static String stem(String fileName) {
    return isSql(fileName) ? fileName.substring(0, fileName.length() - SUFFIX.length()) : fileName;
  }
}

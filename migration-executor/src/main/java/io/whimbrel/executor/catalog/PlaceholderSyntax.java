package io.whimbrel.executor.catalog;

/**
 * What placeholders look like.
 *
 * @param prefix not empty
 * @param suffix not empty
 * @param separator behind {@code flyway} in the names of those that Flyway defines
 * @param replaced whether they are replaced in scripts whose {@code .conf} file does not say it
 */
public record PlaceholderSyntax(String prefix, String suffix, String separator, boolean replaced) {

  public static final PlaceholderSyntax DEFAULT = new PlaceholderSyntax("${", "}", ":", true);
}

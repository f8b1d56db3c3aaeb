package io.whimbrel.target;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the scripts of a target are to be read; the names and defaults are Flyway's.
 *
 * @param placeholderPrefix what a placeholder begins with
 * @param placeholderSuffix what it ends with
 * @param placeholderSeparator between {@code flyway} and the name of one that is defined for all
 * @param placeholderReplacement whether placeholders are replaced in scripts that do not say it
 * @param environment what {@code ${flyway:environment}} stands for
 * @param workingDirectory what {@code ${flyway:workingDirectory}} stands for; null for that of the
 *     process
 * @param ignoreMigrationPatterns contradictions between history and files that hold up nothing, as
 *     {@code type:state}
 */
public record Project(
    String placeholderPrefix,
    String placeholderSuffix,
    String placeholderSeparator,
    boolean placeholderReplacement,
    String environment,
    @Nullable String workingDirectory,
    List<String> ignoreMigrationPatterns) {

  public static final Project DEFAULT =
      new Project("${", "}", ":", true, "default", null, List.of("*:future"));

  public Project {
    ignoreMigrationPatterns = List.copyOf(ignoreMigrationPatterns);
  }
}

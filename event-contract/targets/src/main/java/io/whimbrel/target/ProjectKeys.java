package io.whimbrel.target;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** The keys of a target that make its {@link Project}. */
final class ProjectKeys {

  static final String ALL =
      " placeholderPrefix placeholderSuffix placeholderSeparator placeholderReplacement environment"
          + " workingDirectory ignoreMigrationPatterns";

  private static final Pattern IGNORED =
      Pattern.compile("(\\*|versioned|repeatable):(\\*|missing|pending|ignored|future)");

  private ProjectKeys() {}

  static Project read(Block block) {
    Project standard = Project.DEFAULT;
    return new Project(
        mark(block, "placeholderPrefix", standard.placeholderPrefix()),
        mark(block, "placeholderSuffix", standard.placeholderSuffix()),
        mark(block, "placeholderSeparator", standard.placeholderSeparator()),
        block.flag("placeholderReplacement", standard.placeholderReplacement()),
        block.text("environment", standard.environment()),
        block.has("workingDirectory") ? block.text("workingDirectory", "") : null,
        patterns(block, standard.ignoreMigrationPatterns()));
  }

  private static String mark(Block block, String key, String otherwise) {
    String mark = block.text(key, otherwise);
    if (mark.isBlank()) {
      block.problem(key, "is empty", "write the characters, or leave the key out");
      return otherwise;
    }
    return mark;
  }

  // An empty list is a choice: nothing is ignored.
  private static List<String> patterns(Block block, List<String> otherwise) {
    String key = "ignoreMigrationPatterns";
    List<String> patterns =
        block.isEmptyList(key)
            ? List.of()
            : block.list(key, otherwise).stream()
                .map(pattern -> pattern.replace(" ", "").toLowerCase(Locale.ROOT))
                .toList();
    if (!patterns.stream().allMatch(pattern -> IGNORED.matcher(pattern).matches())) {
      block.problem(
          key,
          "has something that is not a pattern",
          "write *, versioned or repeatable, a colon, and *, missing, pending, ignored or future");
    }
    return patterns;
  }
}

package io.whimbrel.executor.plan;

import io.whimbrel.executor.catalog.Catalogue;
import io.whimbrel.executor.catalog.Migration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Numbers that a project which counts its versions one by one has left out. A file that was
 * forgotten looks like this, and a number that was given up does, so it is worth a note and no
 * more.
 */
record VersionGaps(Catalogue catalogue) {
  private static final Pattern WHOLE = Pattern.compile("\\d{1,18}");

  /** One sentence for each gap right before one of these. */
  List<String> before(List<Migration> planned) {
    List<Migration> versioned = catalogue.versioned();
    Set<Migration> wanted = new HashSet<>(planned);
    List<String> gaps = new ArrayList<>();
    int counted = 0;
    for (int i = 1; i < versioned.size(); i++) {
      OptionalLong before = number(versioned.get(i - 1));
      OptionalLong after = number(versioned.get(i));
      if (before.isEmpty() || after.isEmpty()) {
        return List.of();
      }
      long missing = after.getAsLong() - before.getAsLong() - 1;
      counted += missing == 0 ? 1 : 0;
      if (missing > 0 && wanted.contains(versioned.get(i))) {
        gaps.add(sentence(versioned.get(i - 1), versioned.get(i), missing));
      }
    }
    return 2 * counted > versioned.size() - 1 ? gaps : List.of();
  }

  private static String sentence(Migration before, Migration after, long missing) {
    return "Between "
        + before.script()
        + " and "
        + after.script()
        + (missing == 1 ? " a version is" : " " + missing + " versions are")
        + " left out; if no file was forgotten, nothing is wrong";
  }

  private static OptionalLong number(Migration migration) {
    String version = migration.requiredVersion().toString();
    return WHOLE.matcher(version).matches()
        ? OptionalLong.of(Long.parseLong(version))
        : OptionalLong.empty();
  }
}

package io.whimbrel.executor.reversal.derive;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Aspects that are lists. */
final class Lists {
  private Lists() {}

  static List<String> split(@Nullable String list, String separator) {
    return list == null || list.isEmpty()
        ? List.of()
        : Pattern.compile(Pattern.quote(separator)).splitAsStream(list).toList();
  }
}

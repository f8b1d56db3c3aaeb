package io.whimbrel.executor.plan;

import java.util.List;
import java.util.stream.Collectors;

/** As many items as a message can hold, and how many more there are. */
final class Some {

  private static final int NAMED_AT_ONCE = 5;

  private Some() {}

  static String of(List<String> items) {
    return of(items, NAMED_AT_ONCE);
  }

  static String of(List<String> items, int atMost) {
    String named = items.stream().limit(atMost).collect(Collectors.joining("; "));
    int more = items.size() - atMost;
    return more > 0 ? named + "; and " + more + " more" : named;
  }
}

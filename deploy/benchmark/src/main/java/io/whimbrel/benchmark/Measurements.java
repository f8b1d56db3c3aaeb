package io.whimbrel.benchmark;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What the rounds took, and its table. */
final class Measurements {

  private final Map<Contender, List<Long>> nanos = new EnumMap<>(Contender.class);

  void add(Contender contender, long taken) {
    nanos.computeIfAbsent(contender, c -> new ArrayList<>()).add(taken);
  }

  /**
   * Rows of a Markdown table: median, fastest and slowest, and the median's ratio to Whimbrel's.
   */
  String rows(String title) {
    StringBuilder text = new StringBuilder();
    double whimbrel = median(Contender.WHIMBREL);
    for (Contender contender : nanos.keySet()) {
      List<Long> sorted = sorted(contender);
      text.append(
          "| %s | %s | %.0f | %.0f | %.0f | %.2f |%n"
              .formatted(
                  title,
                  contender.name().toLowerCase(Locale.ROOT),
                  median(contender) / 1e6,
                  sorted.get(0) / 1e6,
                  sorted.get(sorted.size() - 1) / 1e6,
                  median(contender) / whimbrel));
    }
    return text.toString();
  }

  private double median(Contender contender) {
    List<Long> sorted = sorted(contender);
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2.0;
  }

  private List<Long> sorted(Contender contender) {
    return nanos.getOrDefault(contender, List.of()).stream().sorted().toList();
  }
}

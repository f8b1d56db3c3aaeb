package io.whimbrel.benchmark;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the rounds took, and its table. */
final class Measurements {

  static final String WHIMBREL = "whimbrel";

  static final String HEAD =
      "| process | who | median ms | fastest | slowest | times Whimbrel |\n"
          + "|---|---|---:|---:|---:|---:|";

  private final Map<String, List<Long>> nanos = new LinkedHashMap<>();

  void add(String contender, long taken) {
    nanos.computeIfAbsent(contender, name -> new ArrayList<>()).add(taken);
  }

  /**
   * Rows of a Markdown table: median, fastest and slowest, and the median's ratio to Whimbrel's.
   */
  String rows(String title) {
    StringBuilder text = new StringBuilder();
    double whimbrel = median(WHIMBREL);
    for (String contender : nanos.keySet()) {
      List<Long> sorted = sorted(contender);
      text.append(
          "| %s | %s | %s | %s | %s | %.2f |%n"
              .formatted(
                  title,
                  contender,
                  millis(median(contender)),
                  millis(sorted.get(0)),
                  millis(sorted.get(sorted.size() - 1)),
                  median(contender) / whimbrel));
    }
    return text.toString();
  }

  private static String millis(double nanos) {
    return (nanos < 100e6 ? "%.1f" : "%.0f").formatted(nanos / 1e6);
  }

  private double median(String contender) {
    List<Long> sorted = sorted(contender);
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2.0;
  }

  private List<Long> sorted(String contender) {
    return nanos.getOrDefault(contender, List.of()).stream().sorted().toList();
  }
}

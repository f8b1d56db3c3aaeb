package io.whimbrel.monitoring.figures;

import static java.util.Comparator.comparing;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Bounds the labels: the targets that were seen first have one of their own, in the same order
 * after a restart; the rest share one.
 */
final class LabelledTargets {
  private static final String OTHER = "other";

  private final int most;
  private final Set<String> labels = new HashSet<>();

  LabelledTargets(int most) {
    this.most = most;
  }

  void admit(List<RunCount> counts) {
    counts.stream()
        .sorted(comparing(RunCount::firstSeen).thenComparing(RunCount::target))
        .map(RunCount::target)
        .filter(target -> labels.size() < most)
        .forEach(labels::add);
  }

  String label(String target) {
    return labels.contains(target) ? target : OTHER;
  }
}

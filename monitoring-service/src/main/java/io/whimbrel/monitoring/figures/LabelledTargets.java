package io.whimbrel.monitoring.figures;

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

  /**
   * Admits targets while there is room.
   *
   * @param firstSeen those seen first, in order
   */
  void admit(List<String> firstSeen) {
    firstSeen.stream().filter(target -> labels.size() < most).forEach(labels::add);
  }

  String label(String target) {
    return labels.contains(target) ? target : OTHER;
  }
}

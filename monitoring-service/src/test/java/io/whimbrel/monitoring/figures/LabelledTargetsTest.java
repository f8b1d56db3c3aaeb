package io.whimbrel.monitoring.figures;

import static org.assertj.core.api.Assertions.assertThat;

import io.whimbrel.event.Operation;
import io.whimbrel.event.RunStateName;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class LabelledTargetsTest {
  private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");

  @Test
  void theFirstTargetsSeenHaveLabelsAndTheRestShareOne() {
    LabelledTargets labels = new LabelledTargets(2);

    labels.admit(List.of(count("c", 3), count("b", 2), count("a", 1)));

    assertThat(List.of("a", "b", "c")).map(labels::label).containsExactly("a", "b", "other");
  }

  @Test
  void aTargetKeepsItsLabel() {
    LabelledTargets labels = new LabelledTargets(1);
    labels.admit(List.of(count("b", 2)));

    labels.admit(List.of(count("a", 1), count("b", 2)));

    assertThat(labels.label("b")).isEqualTo("b");
    assertThat(labels.label("a")).isEqualTo("other");
  }

  private static RunCount count(String target, int second) {
    return new RunCount(
        target, Operation.EXECUTE, RunStateName.COMPLETED, 1, 1, NOON.plusSeconds(second));
  }
}

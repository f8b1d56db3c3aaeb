package io.whimbrel.monitoring.figures;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class LabelledTargetsTest {
  @Test
  void theFirstTargetsSeenHaveLabelsAndTheRestShareOne() {
    LabelledTargets labels = new LabelledTargets(2);

    labels.admit(List.of("a", "b", "c"));

    assertThat(List.of("a", "b", "c")).map(labels::label).containsExactly("a", "b", "other");
  }

  @Test
  void aTargetKeepsItsLabel() {
    LabelledTargets labels = new LabelledTargets(1);
    labels.admit(List.of("b"));

    labels.admit(List.of("a", "b"));

    assertThat(labels.label("b")).isEqualTo("b");
    assertThat(labels.label("a")).isEqualTo("other");
  }
}

package io.whimbrel.validation.rule;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came of one look.
 *
 * @param obstacle why it could not look, when it could not
 * @param nanos what its reading took, which it may have shared with others
 */
public record Outcome(List<Finding> findings, @Nullable Obstacle obstacle, long nanos) {
  public Outcome {
    findings = List.copyOf(findings);
  }
}

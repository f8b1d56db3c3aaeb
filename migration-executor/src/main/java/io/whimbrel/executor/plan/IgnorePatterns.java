package io.whimbrel.executor.plan;

import io.whimbrel.executor.plan.HistoryProblem.Kind;
import java.util.List;

/**
 * Which contradictions hold up nothing, as in Flyway: {@code type:state} with the types versioned
 * and repeatable, the states missing, future and ignored, and a star for any. A star for the state
 * lets pass changed scripts, too. What is pending holds up nothing anyway.
 */
public record IgnorePatterns(List<String> patterns) {

  public static final IgnorePatterns DEFAULT = new IgnorePatterns(List.of("*:future"));

  public IgnorePatterns {
    patterns = List.copyOf(patterns);
  }

  boolean cover(HistoryProblem problem) {
    return problem.kind() != Kind.FAILED
        && patterns.stream()
            .map(pattern -> pattern.split(":", 2))
            .anyMatch(
                p ->
                    isOr(p[0], problem.isVersioned() ? "versioned" : "repeatable")
                        && isOr(p[1], state(problem.kind())));
  }

  private static boolean isOr(String part, String name) {
    return part.equals("*") || part.equals(name);
  }

  private static String state(Kind kind) {
    return switch (kind) {
      case MISSING -> "missing";
      case FUTURE -> "future";
      case OUT_OF_ORDER -> "ignored";
      case CHANGED, FAILED -> "";
    };
  }
}

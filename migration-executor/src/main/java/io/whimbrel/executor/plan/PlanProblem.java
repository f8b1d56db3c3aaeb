package io.whimbrel.executor.plan;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why a run of a plan would be refused.
 *
 * @param script the file it is about; null if it is about none, or about many
 * @param message names the thing and the remedy
 * @param path for a dependency: from the script that asks, by what it depends on, to the culprit
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record PlanProblem(Kind kind, @Nullable String script, String message, List<String> path) {

  /** What is wrong. */
  public enum Kind {
    /** Two files contradict each other, or one cannot be read. */
    CATALOGUE,
    /** A file that Whimbrel cannot run: Java, a shell script. */
    NOT_CARRIED,
    /** A script that cannot run as it is written. */
    NOT_RUNNABLE,
    /** An applied script is another text now. */
    CHANGED,
    /** An applied script is not in the catalogue. */
    MISSING,
    /** Applied, and above everything in the catalogue. */
    FUTURE,
    /** The history has a row that says it failed. */
    FAILED,
    /** Pending below a version that is applied. */
    OUT_OF_ORDER,
    /** The request names something that is not there, is ambiguous or has no such problem. */
    NAME,
    ALREADY_APPLIED,
    /** Others of smaller versions would be out of order after the one that was asked for. */
    NOT_NEXT,
    DEPENDENCY_CYCLE,
    /** No migration has the name. */
    DEPENDENCY_MISSING,
    DEPENDENCY_NOT_APPLIED,
    /** The order of versions puts it after what depends on it. */
    DEPENDENCY_LATER
  }

  public PlanProblem {
    path = path == null ? List.of() : List.copyOf(path);
  }

  public static PlanProblem of(Kind kind, @Nullable String script, String message) {
    return new PlanProblem(kind, script, message, List.of());
  }
}

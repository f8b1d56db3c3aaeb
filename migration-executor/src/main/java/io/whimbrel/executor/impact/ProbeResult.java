package io.whimbrel.executor.impact;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.whimbrel.event.TableName;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whether the rows that are there keep something that a migration is about to demand of them.
 *
 * @param script the file
 * @param number of the statement in the script, from 1
 * @param line of the statement in the script, from 1
 * @param table whose rows were looked at
 * @param demand what is demanded, in words
 * @param rows that break it; null if unknown
 * @param atLeast whether the look was stopped, so that there may be more of them
 * @param keys primary keys of the first of them, column to value; never another value
 * @param reason why it is unknown, or why the look was stopped; null if it was finished
 * @param durationMs how long the look took
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ProbeResult(
    String script,
    int number,
    int line,
    TableName table,
    String demand,
    Verdict verdict,
    @Nullable Long rows,
    boolean atLeast,
    List<Map<String, String>> keys,
    @Nullable String reason,
    long durationMs) {

  public ProbeResult {
    keys = List.copyOf(keys);
  }

  /** What was found. */
  public enum Verdict {
    PASSED,
    WOULD_FAIL,
    UNKNOWN
  }
}

package io.whimbrel.executor.apply;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a statement that a script has run.
 *
 * @param statement its number, from 1
 * @param durationMs milliseconds from sending it to the answer
 * @param shared whether that is the time of several statements, sent in one message
 * @param rows that it inserted, updated and deleted
 * @param walBytes that the session wrote for it and its checkpoint; null if that is not known, as
 *     of statements that share a transaction
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record StatementFigures(
    int statement, long durationMs, boolean shared, long rows, @Nullable Long walBytes) {

  StatementFigures written(@Nullable Long bytes) {
    return new StatementFigures(statement, durationMs, shared, rows, bytes);
  }
}

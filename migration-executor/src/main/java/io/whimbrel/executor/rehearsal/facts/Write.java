package io.whimbrel.executor.rehearsal.facts;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.whimbrel.event.TableName;
import org.jspecify.annotations.Nullable;

/**
 * Rows that a statement is after, as its plan says.
 *
 * @param table by its name when the statement ran
 * @param onTarget by its name on the target; null if the run makes the table
 * @param command INSERT, UPDATE, DELETE, MERGE or COPY; WRITE if the lock alone tells
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Write(TableName table, @Nullable TableName onTarget, String command) {}

package io.whimbrel.executor.rehearsal.facts;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.whimbrel.event.TableName;
import org.jspecify.annotations.Nullable;

/**
 * A lock on a relation that was there before the run.
 *
 * @param table the table, or the table of the index, by its name on the target
 * @param index the index; null if the lock is on the table itself
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record LockTaken(TableName table, @Nullable String index, LockMode mode) {}

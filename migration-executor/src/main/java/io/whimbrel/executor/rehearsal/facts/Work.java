package io.whimbrel.executor.rehearsal.facts;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.whimbrel.event.TableName;
import org.jspecify.annotations.Nullable;

/**
 * Something that takes the longer the larger a table is.
 *
 * @param table the table, by its name on the target
 * @param what the index that is built or the constraint that is checked; null for the table itself
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Work(Kind kind, TableName table, @Nullable String what) {

  /** What is done, and how the rehearsal knows. */
  public enum Kind {
    /** The table is written anew: its file has another number. */
    REWRITE,
    /** The table is read from end to end: the session's statistics count a sequential scan. */
    SCAN,
    /** An index is built: it is new on a table that was there, or its file has another number. */
    INDEX_BUILD,
    /** All rows are checked: the catalogue has a constraint as valid that it had not. */
    VALIDATION
  }
}

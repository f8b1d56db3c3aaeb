package io.whimbrel.executor.rehearsal.facts;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.whimbrel.event.TableName;
import org.jspecify.annotations.Nullable;

/**
 * Anything else in the catalogue that a migration may change.
 *
 * @param name with its schema where it has one; a function with the types of its arguments; of a
 *     comment or of privileges, what they are on
 * @param table that it is on, by its name at that moment
 * @param definition what tells one version of it from another; null where the name is all
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record OtherState(
    Kind kind, String name, @Nullable TableName table, @Nullable String definition) {

  /** What it is. */
  public enum Kind {
    SCHEMA,
    EXTENSION,
    TYPE,
    DOMAIN,
    ENUM_VALUE,
    FUNCTION,
    TRIGGER,
    POLICY,
    STATISTICS,
    COMMENT,
    GRANT
  }
}

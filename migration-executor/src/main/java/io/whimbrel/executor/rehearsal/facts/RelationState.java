package io.whimbrel.executor.rehearsal.facts;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.whimbrel.event.TableName;
import org.jspecify.annotations.Nullable;

/**
 * A relation with a name of its own.
 *
 * @param onTarget its name on the target before the run; null if the run makes it
 * @param logged whether its changes are in the WAL
 * @param partitionOf the table that it is a partition of
 * @param definition the query of a view; type and bounds of a sequence
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RelationState(
    TableName name,
    @Nullable TableName onTarget,
    Kind kind,
    boolean logged,
    boolean rowSecurity,
    @Nullable TableName partitionOf,
    @Nullable String definition) {

  /** What it is. */
  public enum Kind {
    TABLE,
    PARTITIONED_TABLE,
    FOREIGN_TABLE,
    VIEW,
    MATERIALIZED_VIEW,
    SEQUENCE
  }
}

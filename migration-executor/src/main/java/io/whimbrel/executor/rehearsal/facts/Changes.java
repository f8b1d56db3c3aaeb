package io.whimbrel.executor.rehearsal.facts;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * What of the structure a statement created, altered and dropped. What goes with a dropped table is
 * not listed beside it, unless it is another table's; what comes with a new table is.
 *
 * @param relations tables, views, materialized views, sequences, foreign tables
 * @param columns of tables
 * @param others types, enum values, functions, triggers, policies, extensions, schemas, statistics
 *     objects, comments, privileges
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Changes(
    List<Change<RelationState>> relations,
    List<Change<ColumnState>> columns,
    List<Change<IndexState>> indexes,
    List<Change<ConstraintState>> constraints,
    List<Change<OtherState>> others) {

  public static final Changes NONE =
      new Changes(List.of(), List.of(), List.of(), List.of(), List.of());

  public Changes {
    relations = relations == null ? List.of() : List.copyOf(relations);
    columns = columns == null ? List.of() : List.copyOf(columns);
    indexes = indexes == null ? List.of() : List.copyOf(indexes);
    constraints = constraints == null ? List.of() : List.copyOf(constraints);
    others = others == null ? List.of() : List.copyOf(others);
  }

  @JsonIgnore
  public boolean isEmpty() {
    return relations.isEmpty()
        && columns.isEmpty()
        && indexes.isEmpty()
        && constraints.isEmpty()
        && others.isEmpty();
  }
}

package io.whimbrel.executor.rehearsal.facts;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.whimbrel.event.TableName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A constraint of a table.
 *
 * @param table by its name at that moment
 * @param onTarget the table by its name on the target; null if the run makes it
 * @param validated whether PostgreSQL takes it as true for all rows
 * @param columns that it is about, in its order
 * @param references the table that a foreign key leads to, by its name at that moment
 * @param referencesOnTarget that table by its name on the target; null if the run makes it
 * @param referencedColumns in the order of {@code columns}
 * @param index that stands behind it; of a foreign key, the one it leads to
 * @param indexed whether an index of its table begins with its columns, in any order
 * @param definition as {@code pg_get_constraintdef} writes it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ConstraintState(
    String name,
    TableName table,
    @Nullable TableName onTarget,
    Kind kind,
    boolean validated,
    List<String> columns,
    @Nullable TableName references,
    @Nullable TableName referencesOnTarget,
    List<String> referencedColumns,
    @Nullable String index,
    boolean indexed,
    String definition) {

  /** What it demands; NOT_NULL is a constraint of its own from PostgreSQL 18 on. */
  public enum Kind {
    CHECK,
    FOREIGN_KEY,
    PRIMARY_KEY,
    UNIQUE,
    EXCLUSION,
    NOT_NULL
  }

  public ConstraintState {
    columns = columns == null ? List.of() : List.copyOf(columns);
    referencedColumns = referencedColumns == null ? List.of() : List.copyOf(referencedColumns);
  }

  /** One whose columns no index begins with. */
  public ConstraintState(
      String name,
      TableName table,
      @Nullable TableName onTarget,
      Kind kind,
      boolean validated,
      List<String> columns,
      @Nullable TableName references,
      @Nullable TableName referencesOnTarget,
      List<String> referencedColumns,
      @Nullable String index,
      String definition) {
    this(
        name,
        table,
        onTarget,
        kind,
        validated,
        columns,
        references,
        referencesOnTarget,
        referencedColumns,
        index,
        false,
        definition);
  }
}

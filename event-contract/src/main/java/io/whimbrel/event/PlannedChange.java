package io.whimbrel.event;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A rule that a run is about to give rows which are there already. It holds names of the catalogue
 * of the database and no SQL; what needs an expression to be said, as a check does, is not among
 * them.
 *
 * @param table by its name before the run
 * @param columns by their names before the run, in the order of the constraint; never empty
 * @param referencedTable of a foreign key
 * @param referencedColumns of a foreign key, in the order of {@code columns}
 * @param nullsNotDistinct of a unique constraint: whether two rows without a value are equal
 * @param newType of a change of type: the type to be, as {@code format_type} spells it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PlannedChange(
    Kind kind,
    TableName table,
    List<String> columns,
    @Nullable TableName referencedTable,
    @Nullable List<String> referencedColumns,
    @Nullable Boolean nullsNotDistinct,
    @Nullable String newType) {

  /** What the rows will have to fit. */
  public enum Kind {
    NOT_NULL,
    UNIQUE,
    FOREIGN_KEY,
    TYPE
  }

  public PlannedChange {
    columns = List.copyOf(columns);
    referencedColumns = referencedColumns == null ? null : List.copyOf(referencedColumns);
  }

  /** The columns have to have a value in every row. */
  public static PlannedChange notNull(TableName table, List<String> columns) {
    return new PlannedChange(Kind.NOT_NULL, table, columns, null, null, null, null);
  }

  /** No two rows may have the same values. */
  public static PlannedChange unique(
      TableName table, List<String> columns, boolean nullsNotDistinct) {
    return new PlannedChange(Kind.UNIQUE, table, columns, null, null, nullsNotDistinct, null);
  }

  /** Every row has to have its counterpart in another table. */
  public static PlannedChange foreignKey(
      TableName table,
      List<String> columns,
      TableName referencedTable,
      List<String> referencedColumns) {
    return new PlannedChange(
        Kind.FOREIGN_KEY, table, columns, referencedTable, referencedColumns, null, null);
  }

  /** Every value has to have a counterpart of another type. */
  public static PlannedChange type(TableName table, String column, String newType) {
    return new PlannedChange(Kind.TYPE, table, List.of(column), null, null, null, newType);
  }
}

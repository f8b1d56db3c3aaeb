package io.whimbrel.executor.backup;

import io.whimbrel.event.TableName;
import java.util.List;

/**
 * A table as the catalogue has it.
 *
 * @param kind {@code r} with rows of its own, {@code p} partitioned, {@code f} foreign
 * @param hiding whether row security hides rows from the connection's role
 * @param columns in their order, generated ones included
 */
record TableShape(long oid, TableName name, String kind, boolean hiding, List<Column> columns) {
  TableShape {
    columns = List.copyOf(columns);
  }

  /** A column; a generated one is computed, so its contents are never stored or loaded. */
  record Column(String name, String type, long typeOid, boolean generated) {}

  boolean hasRows() {
    return kind.equals("r");
  }

  List<String> storedColumns() {
    return stored().stream().map(Column::name).toList();
  }

  List<Column> stored() {
    return columns.stream().filter(column -> !column.generated()).toList();
  }
}

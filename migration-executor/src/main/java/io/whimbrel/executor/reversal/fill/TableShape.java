package io.whimbrel.executor.reversal.fill;

import java.util.List;
import java.util.Set;

/**
 * A table as who fills it sees it.
 *
 * @param name with schema, as SQL writes it
 * @param columns that want a value; others have one from PostgreSQL
 * @param keys foreign keys
 */
record TableShape(long oid, String name, List<ColumnShape> columns, List<ForeignKey> keys) {

  /**
   * A reference to another table.
   *
   * @param columns as SQL writes them
   * @param referenced the table, by number and by name
   */
  record ForeignKey(
      List<String> columns, long referenced, String referencedName, List<String> targets) {}

  TableShape {
    columns = List.copyOf(columns);
    keys = List.copyOf(keys);
  }

  /** Whether all tables that it refers to are among these, itself aside. */
  boolean refersOnlyTo(Set<Long> tables) {
    return keys.stream().allMatch(k -> k.referenced() == oid || tables.contains(k.referenced()));
  }
}

package io.whimbrel.executor.reversal;

import io.whimbrel.event.TableName;
import org.jspecify.annotations.Nullable;

/**
 * Contents that a migration destroys, so that only a backup has them afterwards.
 *
 * @param table by its name before the migration
 * @param column null for all of the table's rows
 */
public record Loss(TableName table, @Nullable String column) {

  /** As SQL-minded people write it: {@code public.orders.note}. */
  public String name() {
    String name = table.schema() + "." + table.name();
    return column == null ? name : name + "." + column;
  }
}

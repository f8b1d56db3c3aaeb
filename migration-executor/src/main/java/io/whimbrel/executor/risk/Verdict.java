package io.whimbrel.executor.risk;

import io.whimbrel.event.TableName;
import org.jspecify.annotations.Nullable;

/**
 * What a rule finds in a statement.
 *
 * @param table by its name at that moment
 * @param onTarget by its name on the target; null if the run makes it
 * @param column that programs may know; null if it is not about one
 * @param what is done, to go before the name of the table: {@code rewrites}
 * @param safer a script to the same end; null if the catalogue knows none
 */
record Verdict(
    TableName table,
    @Nullable TableName onTarget,
    @Nullable String column,
    String what,
    @Nullable String safer) {

  Verdict(TableName table, @Nullable TableName onTarget, String what, @Nullable String safer) {
    this(table, onTarget, null, what, safer);
  }

  /** About a table that was there. */
  static Verdict on(TableName target, String what) {
    return new Verdict(target, target, what, null);
  }

  Verdict safer(@Nullable String script) {
    return new Verdict(table, onTarget, column, what, script);
  }

  Verdict column(String name) {
    return new Verdict(table, onTarget, name, what, safer);
  }
}

package io.whimbrel.executor.plan.document;

import io.whimbrel.event.PlannedChange;
import io.whimbrel.event.TableName;
import java.util.List;

/**
 * What is looked at before and after the change.
 *
 * @param before whether the validation service looks before anything changes, by all its rules
 * @param tablesBefore the tables that it then looks at
 * @param derived what it looks for beside its rules: the demands that the migrations are about to
 *     make of rows that are there
 * @param after whether it looks after the change and decides about it
 * @param tablesAfter the tables that it then looks at
 */
public record ValidationPlan(
    boolean before,
    List<TableName> tablesBefore,
    List<PlannedChange> derived,
    boolean after,
    List<TableName> tablesAfter) {

  public ValidationPlan {
    tablesBefore = List.copyOf(tablesBefore);
    derived = List.copyOf(derived);
    tablesAfter = List.copyOf(tablesAfter);
  }
}

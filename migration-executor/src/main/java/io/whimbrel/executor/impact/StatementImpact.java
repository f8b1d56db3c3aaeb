package io.whimbrel.executor.impact;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.whimbrel.event.TableName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What PostgreSQL would do for a statement that changes rows, by {@code EXPLAIN} on the target's
 * own data. It was not carried out.
 *
 * @param script the file
 * @param number of the statement in the script, from 1
 * @param line of the statement in the script, from 1
 * @param unknown why there is no plan; null if there is one
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record StatementImpact(
    String script, int number, int line, @Nullable DataChange change, @Nullable String unknown) {

  /**
   * A change of rows as planned.
   *
   * @param operation INSERT, UPDATE, DELETE or MERGE
   * @param table whose rows are changed
   * @param rows how many rows the planner expects to change
   * @param cost of finding them, in the planner's units
   * @param steps the nodes of the plan, outermost first; without expressions, which may hold values
   */
  public record DataChange(
      String operation, TableName table, long rows, double cost, List<PlanStep> steps) {
    public DataChange {
      steps = List.copyOf(steps);
    }
  }

  /**
   * A node of a plan.
   *
   * @param depth from 0
   * @param node as EXPLAIN names it, {@code Seq Scan}
   * @param relation that it reads; null if it reads none itself
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record PlanStep(int depth, String node, @Nullable TableName relation, long rows) {}
}

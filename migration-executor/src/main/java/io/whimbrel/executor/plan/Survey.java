package io.whimbrel.executor.plan;

import io.whimbrel.executor.apply.HistoryRepair;
import io.whimbrel.executor.catalog.Migration;
import java.util.List;

/**
 * What a selection comes to, together with everything that stands against it.
 *
 * @param migrations in the order of application, as far as there is one
 * @param repairs of the history, before the first migration
 * @param problems why a run would be refused; a run of a plan without any is not, for these reasons
 * @param notes what a person should know, and what holds up nothing
 */
public record Survey(
    List<Migration> migrations,
    List<HistoryRepair> repairs,
    List<PlanProblem> problems,
    List<String> notes) {

  public Survey {
    migrations = List.copyOf(migrations);
    repairs = List.copyOf(repairs);
    problems = List.copyOf(problems);
    notes = List.copyOf(notes);
  }
}

package io.whimbrel.executor.planning;

import io.whimbrel.event.RunOptions;
import io.whimbrel.executor.apply.History;
import io.whimbrel.executor.apply.SchemaHistory;
import io.whimbrel.executor.apply.ScriptRunner;
import io.whimbrel.executor.catalog.Migration;
import io.whimbrel.executor.catalog.Refusal;
import io.whimbrel.executor.catalog.Script;
import io.whimbrel.executor.plan.Concessions;
import io.whimbrel.executor.plan.FormerTexts;
import io.whimbrel.executor.plan.IgnorePatterns;
import io.whimbrel.executor.plan.PendingMigrations;
import io.whimbrel.executor.plan.PlanProblem;
import io.whimbrel.executor.plan.PlanProblem.Kind;
import io.whimbrel.executor.plan.Rules;
import io.whimbrel.executor.plan.ScriptDifference;
import io.whimbrel.executor.plan.Selection;
import io.whimbrel.executor.plan.Survey;
import io.whimbrel.target.Target;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Finds out what would be applied to a target. The target is only read. */
@ApplicationScoped
public class Prospects {
  private final Scripts scripts;
  private final FormerScripts former;

  Prospects(Scripts scripts, FormerScripts former) {
    this.scripts = scripts;
    this.former = former;
  }

  /**
   * For a run, which needs everything to be in order.
   *
   * @param differences is told how scripts differ from what was applied, before any refusal
   * @throws Refusal naming the first thing that is not
   */
  public Prospect strict(
      Target target,
      Selection selection,
      RunOptions options,
      String session,
      Consumer<List<ScriptDifference>> differences)
      throws SQLException {
    Scripts.Current current = scripts.of(target);
    History history = history(target, session);
    PendingMigrations pending = pending(target, current, history);
    differences.accept(pending.differences());
    PendingMigrations.Decision decision = pending.decide(selection, concessions(options));
    List<Script> ready = current.scripts(decision.migrations());
    ready.forEach(ScriptRunner::check);
    if (options.atomic()) {
      ScriptRunner.checkTogether(ready);
    }
    List<String> notes =
        Stream.concat(
                decision.ignored().stream().map(problem -> "Passed over: " + problem),
                current.catalogue().notices().stream())
            .toList();
    Survey survey = new Survey(decision.migrations(), decision.repairs(), List.of(), notes);
    return new Prospect(target, current, history, survey, ready);
  }

  /**
   * For people, who want to know everything that stands against a run at once.
   *
   * @throws Refusal if nobody can read the catalogue's format or the history
   */
  public Prospect lenient(Target target, Selection selection, RunOptions options, String session)
      throws SQLException {
    Scripts.Current current = scripts.of(target);
    History history = history(target, session);
    Survey survey = pending(target, current, history).survey(selection, concessions(options));
    List<PlanProblem> problems = new ArrayList<>(survey.problems());
    List<Script> ready = new ArrayList<>();
    for (Migration migration : survey.migrations()) {
      try {
        Script script = current.script(migration);
        ScriptRunner.check(script);
        ready.add(script);
      } catch (Refusal e) {
        problems.add(PlanProblem.of(Kind.NOT_RUNNABLE, migration.script(), e.getMessage()));
      }
    }
    tried(problems, current::callbacks);
    if (options.atomic()) {
      tried(problems, () -> ScriptRunner.checkTogether(ready));
    }
    List<String> notes = new ArrayList<>(survey.notes());
    notes.addAll(current.catalogue().notices());
    return new Prospect(
        target,
        current,
        history,
        new Survey(survey.migrations(), survey.repairs(), problems, notes),
        ready);
  }

  private static void tried(List<PlanProblem> problems, Runnable check) {
    try {
      check.run();
    } catch (Refusal e) {
      problems.add(PlanProblem.of(Kind.NOT_RUNNABLE, null, e.getMessage()));
    }
  }

  private static History history(Target target, String session) throws SQLException {
    try (Connection connection = target.connect(target.executor(), session)) {
      connection.setReadOnly(true);
      return new SchemaHistory(target).readWithFailures(connection);
    }
  }

  private PendingMigrations pending(Target target, Scripts.Current current, History history) {
    return new PendingMigrations(
        current.catalogue(), history, current.placeholders(), rules(target, former::of));
  }

  private static Concessions concessions(RunOptions options) {
    return new Concessions(options.repair(), options.ignore());
  }

  /** What a target allows beyond the usual. */
  public static Rules rules(Target target, FormerTexts texts) {
    return new Rules(
        target.outOfOrder(), new IgnorePatterns(target.project().ignoreMigrationPatterns()), texts);
  }
}

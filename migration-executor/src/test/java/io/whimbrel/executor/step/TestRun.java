package io.whimbrel.executor.step;

import io.whimbrel.event.RunError;
import io.whimbrel.executor.apply.ApplyListener;
import io.whimbrel.executor.apply.ApplyResult;
import io.whimbrel.executor.apply.ApplySettings;
import io.whimbrel.executor.apply.Callbacks;
import io.whimbrel.executor.apply.CancelSignal;
import io.whimbrel.executor.apply.History;
import io.whimbrel.executor.apply.HistoryRepair;
import io.whimbrel.executor.apply.InTransaction;
import io.whimbrel.executor.apply.SchemaHistory;
import io.whimbrel.executor.apply.ScriptRunner;
import io.whimbrel.executor.apply.TargetSession;
import io.whimbrel.executor.apply.TestTarget;
import io.whimbrel.executor.catalog.Migration;
import io.whimbrel.executor.catalog.Refusal;
import io.whimbrel.executor.catalog.Script;
import io.whimbrel.executor.catalog.Version;
import io.whimbrel.executor.plan.Concessions;
import io.whimbrel.executor.plan.FormerTexts;
import io.whimbrel.executor.plan.PendingMigrations;
import io.whimbrel.executor.plan.Selection;
import io.whimbrel.executor.planning.Prospects;
import io.whimbrel.executor.planning.Scripts;
import io.whimbrel.executor.run.MigrationState;
import io.whimbrel.executor.run.RunMigration;
import io.whimbrel.executor.step.FlywayProject.Outcome;
import java.sql.Connection;
import java.util.List;
import java.util.Optional;

/** What {@link Plan} and {@link Applying} do to a target, without the run around it. */
record TestRun(TestTarget target) {

  Outcome apply(Selection selection) throws Exception {
    return apply(selection, Concessions.NONE);
  }

  Outcome apply(Selection selection, Concessions concessions) throws Exception {
    try {
      Scripts.Current current =
          new Scripts.Current(target.catalogue(), Scripts.placeholders(target.target()));
      PendingMigrations.Decision decision;
      try (Connection connection = target.stranger("plan")) {
        History history = new SchemaHistory(target.target()).readWithFailures(connection);
        decision =
            new PendingMigrations(
                    current.catalogue(),
                    history,
                    current.placeholders(),
                    Prospects.rules(target.target(), FormerTexts.UNKNOWN))
                .decide(selection, concessions);
      }
      List<Script> scripts = decision.migrations().stream().map(current::script).toList();
      scripts.forEach(ScriptRunner::check);
      return outcome(applied(scripts, decision.repairs(), current.callbacks()));
    } catch (Refusal e) {
      return new Outcome("refused", e.getMessage());
    }
  }

  Outcome undo(String version) throws Exception {
    Migration undo = target.catalogue().undoOf(Version.of(version)).orElseThrow();
    try {
      return outcome(
          applied(List.of(Script.of(undo, target.placeholders())), List.of(), Callbacks.NONE));
    } catch (Refusal e) {
      return new Outcome("refused", e.getMessage());
    }
  }

  private static Outcome outcome(Optional<RunError> error) {
    return error
        .map(e -> new Outcome("failed", e.message() + " | " + e.sqlState() + " line " + e.line()))
        .orElse(new Outcome("applied", ""));
  }

  private Optional<RunError> applied(
      List<Script> scripts, List<HistoryRepair> repairs, Callbacks callbacks) throws Exception {
    try (TargetSession session = target.session()) {
      ScriptRunner runner =
          new ScriptRunner(
              session, ApplySettings.DEFAULT, ApplyListener.SILENT, new CancelSignal(), callbacks);
      runner.prepareHistory();
      runner.repairHistory(repairs);
      RunCallbacks around = new RunCallbacks(runner);
      Optional<RunError> error = around.begin();
      List<RunMigration> migrations = scripts.stream().map(TestRun::migration).toList();
      for (int i = 0; i < scripts.size() && error.isEmpty(); i++) {
        error = around.before(migrations.get(i));
        if (error.isEmpty()
            && runner.apply(scripts.get(i), InTransaction.NOTHING)
                instanceof ApplyResult.Failed failed) {
          error = Optional.of(Applying.error(failed.failure()));
        }
      }
      if (error.isEmpty()) {
        error = around.end(migrations);
      }
      return error.isPresent() ? Optional.of(around.failed(error.get())) : error;
    }
  }

  private static RunMigration migration(Script script) {
    Migration migration = script.migration();
    return new RunMigration(
        0,
        migration.script(),
        migration.kind().name(),
        null,
        migration.description(),
        script.checksum(),
        MigrationState.PENDING,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null);
  }
}

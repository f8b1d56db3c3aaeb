package io.whimbrel.benchmark;

import io.whimbrel.executor.apply.ApplyListener;
import io.whimbrel.executor.apply.ApplyResult;
import io.whimbrel.executor.apply.ApplySettings;
import io.whimbrel.executor.apply.CancelSignal;
import io.whimbrel.executor.apply.History;
import io.whimbrel.executor.apply.InTransaction;
import io.whimbrel.executor.apply.SchemaHistory;
import io.whimbrel.executor.apply.ScriptRunner;
import io.whimbrel.executor.apply.TargetSession;
import io.whimbrel.executor.catalog.Catalogue;
import io.whimbrel.executor.catalog.FlywayCatalogueReader;
import io.whimbrel.executor.catalog.Migration;
import io.whimbrel.executor.catalog.Placeholders;
import io.whimbrel.executor.catalog.Script;
import io.whimbrel.executor.plan.PendingMigrations;
import io.whimbrel.target.Login;
import io.whimbrel.target.Target;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The engine of the migration executor, without the service around it. */
final class Engine {

  private Engine() {}

  static void migrate(Database database, boolean atomic) throws Exception {
    Login login = new Login(database.user(), null, database.passwordFile());
    Target target = OwnServer.target("benchmark", database.url(), database.catalog(), login);
    Catalogue catalogue = new FlywayCatalogueReader().read(target.catalog());
    Placeholders placeholders =
        new Placeholders(Map.of(), "public", database.user(), "benchmark", "2026-01-01 00:00:00");
    List<Migration> pending;
    try (Connection connection = target.connect(login, "whimbrel-plan:benchmark")) {
      History history = new SchemaHistory(target).read(connection);
      pending = new PendingMigrations(catalogue, history, placeholders).all();
    }
    if (!pending.isEmpty()) {
      apply(target, pending, placeholders, atomic);
    }
  }

  private static void apply(
      Target target, List<Migration> pending, Placeholders placeholders, boolean atomic)
      throws Exception {
    try (TargetSession session =
        TargetSession.open(target, "benchmark", 1, Duration.ofSeconds(10))) {
      ScriptRunner runner =
          new ScriptRunner(
              session, ApplySettings.DEFAULT, ApplyListener.SILENT, new CancelSignal());
      runner.prepareHistory();
      List<Script> scripts = Script.all(pending, placeholders);
      if (atomic) {
        ApplyResult result =
            runner
                .applyTogether(scripts, script -> ApplyListener.SILENT, InTransaction.NOTHING)
                .whole();
        if (!(result instanceof ApplyResult.Applied)) {
          throw new IllegalStateException("Not applied: " + result);
        }
        return;
      }
      for (Script script : scripts) {
        ApplyResult result = runner.apply(script, InTransaction.NOTHING);
        if (!(result instanceof ApplyResult.Applied)) {
          throw new IllegalStateException(script.migration() + " was not applied: " + result);
        }
      }
    }
  }
}

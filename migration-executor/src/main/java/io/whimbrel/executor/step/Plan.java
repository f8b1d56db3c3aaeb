package io.whimbrel.executor.step;

import io.whimbrel.event.MigrationRequested;
import io.whimbrel.event.Operation;
import io.whimbrel.event.RunError;
import io.whimbrel.event.RunStateName;
import io.whimbrel.executor.apply.History;
import io.whimbrel.executor.apply.SchemaHistory;
import io.whimbrel.executor.apply.ScriptRunner;
import io.whimbrel.executor.catalog.Catalogue;
import io.whimbrel.executor.catalog.Migration;
import io.whimbrel.executor.catalog.Refusal;
import io.whimbrel.executor.catalog.Script;
import io.whimbrel.executor.plan.Concessions;
import io.whimbrel.executor.plan.FormerTexts;
import io.whimbrel.executor.plan.IgnorePatterns;
import io.whimbrel.executor.plan.PendingMigrations;
import io.whimbrel.executor.plan.Rules;
import io.whimbrel.executor.plan.Selection;
import io.whimbrel.executor.rehearsal.RehearsalReport;
import io.whimbrel.executor.run.Claim;
import io.whimbrel.executor.run.Run;
import io.whimbrel.executor.run.RunLifecycle;
import io.whimbrel.executor.run.RunPlan;
import io.whimbrel.executor.run.RunPlan.PlannedMigration;
import io.whimbrel.executor.run.RunRepository;
import io.whimbrel.executor.run.RunState;
import io.whimbrel.executor.run.Step;
import io.whimbrel.target.Policy;
import io.whimbrel.target.Target;
import io.whimbrel.target.TargetRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/** Finds out what a run will do. It changes nothing that lasts, so that it can begin anew. */
@ApplicationScoped
class Plan implements RunStep {
  private final TargetRegistry targets;
  private final Scripts scripts;
  private final TakeBackPlan takeBack;
  private final RunRepository runs;
  private final RunLifecycle lifecycle;
  private final Handover handover;
  private final FormerScripts former;
  private final Rehearsing rehearsing;

  Plan(
      TargetRegistry targets,
      Scripts scripts,
      TakeBackPlan takeBack,
      RunRepository runs,
      RunLifecycle lifecycle,
      Handover handover,
      FormerScripts former,
      Rehearsing rehearsing) {
    this.targets = targets;
    this.scripts = scripts;
    this.takeBack = takeBack;
    this.runs = runs;
    this.lifecycle = lifecycle;
    this.handover = handover;
    this.former = former;
    this.rehearsing = rehearsing;
  }

  @Override
  public Step step() {
    return Step.PLAN;
  }

  @Override
  public void run(UUID id) throws Exception {
    Claim claim = lifecycle.claim(id, step(), RunStateName.REQUESTED);
    Run run = runs.find(id).orElseThrow();
    try {
      Target target = target(run);
      if (run.request().operation() == Operation.ROLLBACK) {
        RunPlan plan = takeBack.of(run, target);
        handover.planned(claim, run, plan, false, "a rollback is not held up by one");
      } else {
        RunPlan plan = forward(run, target);
        boolean nothing = plan.migrations().isEmpty();
        handover.planned(
            claim,
            run,
            plan,
            run.options().validateBefore() && !nothing,
            nothing ? "nothing is pending" : "the request asked for none");
      }
    } catch (Refusal e) {
      handover.failed(
          claim, step(), new RunState.Requested().rejected(), RunError.of(e.getMessage()));
    }
  }

  private Target target(Run run) {
    if (run.options().acceptDataLoss() && !run.mayLoseData()) {
      throw new Refusal(
          "acceptDataLoss needs a super-admin, who asks through the gateway; nothing was done");
    }
    return targets
        .find(run.target())
        .orElseThrow(
            () ->
                new Refusal(
                    "There is no target "
                        + run.target()
                        + "; GET /targets lists those that the targets file declares"));
  }

  private RunPlan forward(Run run, Target target) throws Exception {
    Policy policy = target.policy();
    if (policy.requireProvenRollback() || !policy.refuseRisk().equals("none")) {
      throw new Refusal(
          "The policy of target "
              + target.name()
              + " asks for requireProvenRollback or refuseRisk, which Whimbrel cannot judge yet;"
              + " take both out of the targets file to run without them");
    }
    Scripts.Current readable = scripts.of(target);
    Catalogue catalogue = readable.catalogue();
    PendingMigrations.Decision decision;
    try (Connection connection = target.connect(target.executor(), "whimbrel-plan:" + run.id())) {
      connection.setReadOnly(true);
      History history = new SchemaHistory(target).readWithFailures(connection);
      PendingMigrations all =
          new PendingMigrations(
              catalogue, history, readable.placeholders(), rules(target, former::of));
      former.note(run.id(), all.differences());
      decision =
          all.decide(
              selection(run.request()),
              new Concessions(run.options().repair(), run.options().ignore()));
    }
    List<Script> ready = new ArrayList<>();
    for (Migration migration : decision.migrations()) {
      Script script = readable.script(migration);
      ScriptRunner.check(script);
      ready.add(script);
    }
    if (run.options().atomic()) {
      ScriptRunner.checkTogether(ready);
    }
    former.keep(ready);
    RehearsalReport rehearsal = rehearsing.of(run, target, readable.callbacks().around(ready));
    return new RunPlan(
        ready.stream().map(script -> planned(script, catalogue)).toList(),
        rehearsal.touched(),
        rehearsal.created(),
        List.of(),
        rehearsal.measured(),
        rehearsal.summary(),
        notes(catalogue, decision),
        decision.repairs(),
        null);
  }

  static Rules rules(Target target, FormerTexts texts) {
    return new Rules(
        target.outOfOrder(), new IgnorePatterns(target.project().ignoreMigrationPatterns()), texts);
  }

  private static List<String> notes(Catalogue catalogue, PendingMigrations.Decision decision) {
    return Stream.concat(
            decision.ignored().stream().map(problem -> "Passed over: " + problem),
            catalogue.notices().stream())
        .toList();
  }

  private static Selection selection(MigrationRequested request) {
    if (request.migration() != null) {
      return new Selection.Named(request.migration());
    }
    return request.upTo() == null ? new Selection.All() : new Selection.UpTo(request.upTo());
  }

  private static PlannedMigration planned(Script script, Catalogue catalogue) {
    Migration migration = script.migration();
    return new PlannedMigration(
        migration.script(),
        migration.kind().name(),
        migration.version() == null ? null : migration.version().toString(),
        migration.description(),
        script.checksum(),
        script.headers().batch().isPresent(),
        catalogue.undoOf(migration).map(Migration::script).orElse(null));
  }
}

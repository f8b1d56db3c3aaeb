package io.whimbrel.executor.step;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.whimbrel.delivery.Traces;
import io.whimbrel.event.RunError;
import io.whimbrel.executor.apply.ApplyFailure;
import io.whimbrel.executor.apply.ApplyListener;
import io.whimbrel.executor.apply.ApplyResult;
import io.whimbrel.executor.apply.ApplySettings;
import io.whimbrel.executor.apply.Callbacks;
import io.whimbrel.executor.apply.HistoryRepair;
import io.whimbrel.executor.apply.InTransaction;
import io.whimbrel.executor.apply.ScriptRunner;
import io.whimbrel.executor.apply.StaleFence;
import io.whimbrel.executor.apply.TargetLost;
import io.whimbrel.executor.apply.TargetSession;
import io.whimbrel.executor.apply.WrittenWal;
import io.whimbrel.executor.catalog.Refusal;
import io.whimbrel.executor.catalog.Script;
import io.whimbrel.executor.planning.Scripts;
import io.whimbrel.executor.run.Claim;
import io.whimbrel.executor.run.CommitIntents;
import io.whimbrel.executor.run.Run;
import io.whimbrel.executor.run.RunConfig;
import io.whimbrel.executor.run.RunLifecycle;
import io.whimbrel.executor.run.RunMigration;
import io.whimbrel.executor.run.RunMigrations;
import io.whimbrel.executor.run.RunProgress;
import io.whimbrel.target.Target;
import io.whimbrel.target.TargetRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Takes the target of a run and applies to it what is planned, with the callbacks around it. */
@ApplicationScoped
class Applying {
  private static final AttributeKey<String> SCRIPT = AttributeKey.stringKey("whimbrel.script");

  private final TargetRegistry targets;
  private final Scripts scripts;
  private final RunMigrations migrations;
  private final CommitIntents intents;
  private final RunLifecycle lifecycle;
  private final Traces traces;
  private final RunConfig config;

  Applying(
      TargetRegistry targets,
      Scripts scripts,
      RunMigrations migrations,
      CommitIntents intents,
      RunLifecycle lifecycle,
      Traces traces,
      RunConfig config) {
    this.targets = targets;
    this.scripts = scripts;
    this.migrations = migrations;
    this.intents = intents;
    this.lifecycle = lifecycle;
    this.traces = traces;
    this.config = config;
  }

  /**
   * Applies it.
   *
   * @return what ended the run; empty if all of it is applied
   * @throws Refusal if a script has changed since it was planned; nothing has run then
   * @throws StepPaused if the run is to wait
   * @throws RunCancelled if someone has cancelled it
   */
  Optional<RunError> apply(Claim claim, Run run, WishWatch.Watched watched) throws Exception {
    if (watched.pauses()) {
      throw new StepPaused();
    }
    List<RunMigration> planned = migrations.of(run.id());
    Target target = targets.find(run.target()).orElseThrow();
    Scripts.Current catalogue = scripts.of(target);
    Callbacks callbacks = catalogue.callbacks();
    List<HistoryRepair> repairs = run.planned().repairs();
    if (planned.isEmpty() && callbacks.at().isEmpty() && repairs.isEmpty()) {
      return Optional.empty();
    }
    try (TargetSession session =
        TargetSession.open(target, run.id().toString(), claim.token(), config.targetPatience())) {
      ProgressReporter progress = new ProgressReporter(lifecycle, claim, config.progressInterval());
      ContentRecorder contents = new ContentRecorder(run, target, planned);
      Runners runners =
          new Runners(
              listener ->
                  new ScriptRunner(
                      session, ApplySettings.DEFAULT, listener, watched.signal(), callbacks),
              session.wal(),
              traces);
      ScriptRunner first = runners.telling(ApplyListener.SILENT);
      first.prepareHistory();
      first.repairHistory(repairs);
      repairs.forEach(repair -> progress.say(RunProgress.says(repair.sentence())));
      RunCallbacks around = new RunCallbacks(first);
      Optional<RunError> error =
          run.options().atomic() && !planned.isEmpty()
              ? new ApplyTogether(claim, planned, migrations, intents, contents, progress, watched)
                  .apply(runners, catalogue)
              : new ApplyEach(claim, planned, migrations, intents, contents, progress, watched)
                  .apply(runners, catalogue, around);
      return error.isPresent() ? Optional.of(around.failed(error.get())) : error;
    }
  }

  /** Makes runners for the session of the run. */
  record Runners(Function<ApplyListener, ScriptRunner> made, WrittenWal wal, Traces traces) {

    /** One whose listener hears of what it applies. */
    ScriptRunner telling(ApplyListener listener) {
      return made.apply(listener);
    }

    /** Applies a script, as a span of the trace of its run. */
    ApplyResult apply(Script script, ApplyListener listener, InTransaction hooks)
        throws TargetLost, StaleFence {
      try (Traces.Part part =
          traces.begin("migration", Attributes.of(SCRIPT, script.migration().script()))) {
        ApplyResult result = telling(listener).apply(script, hooks);
        if (result instanceof ApplyResult.Failed failed) {
          part.failed("SQLSTATE " + failed.failure().sqlState());
        }
        return result;
      }
    }
  }

  static RunError error(ApplyFailure failure) {
    return new RunError(
        failure.script() + ": " + failure.message(),
        failure.sqlState(),
        failure.script(),
        failure.line() == 0 ? null : failure.line(),
        failure.statement() == 0 ? null : failure.statement(),
        failure.blockers().isEmpty()
            ? null
            : failure.blockers().stream().map(Object::toString).toList());
  }
}

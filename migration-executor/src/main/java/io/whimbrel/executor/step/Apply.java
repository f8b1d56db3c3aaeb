package io.whimbrel.executor.step;

import io.whimbrel.event.RunError;
import io.whimbrel.event.RunStateName;
import io.whimbrel.executor.apply.ApplyFailure;
import io.whimbrel.executor.apply.ApplyListener;
import io.whimbrel.executor.apply.ApplyResult;
import io.whimbrel.executor.apply.ApplySettings;
import io.whimbrel.executor.apply.Callbacks;
import io.whimbrel.executor.apply.CrashPoint;
import io.whimbrel.executor.apply.HistoryRepair;
import io.whimbrel.executor.apply.ScriptRunner;
import io.whimbrel.executor.apply.TargetSession;
import io.whimbrel.executor.catalog.Refusal;
import io.whimbrel.executor.catalog.Script;
import io.whimbrel.executor.planning.Scripts;
import io.whimbrel.executor.run.Claim;
import io.whimbrel.executor.run.MigrationState;
import io.whimbrel.executor.run.Run;
import io.whimbrel.executor.run.RunConfig;
import io.whimbrel.executor.run.RunLifecycle;
import io.whimbrel.executor.run.RunMigration;
import io.whimbrel.executor.run.RunMigrations;
import io.whimbrel.executor.run.RunProgress;
import io.whimbrel.executor.run.RunRepository;
import io.whimbrel.executor.run.RunState;
import io.whimbrel.executor.run.Step;
import io.whimbrel.target.Target;
import io.whimbrel.target.TargetRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Applies the migrations of a run, one after the other. If it stops half way, what was committed
 * stays, the schema history of the target says how far that was, and the next attempt goes on from
 * there.
 */
@ApplicationScoped
class Apply implements RunStep {
  private final TargetRegistry targets;
  private final Scripts scripts;
  private final RunRepository runs;
  private final RunMigrations migrations;
  private final RunLifecycle lifecycle;
  private final Handover handover;
  private final CancelledHandover cancelled;
  private final WishWatch wishes;
  private final RunConfig config;

  Apply(
      TargetRegistry targets,
      Scripts scripts,
      RunRepository runs,
      RunMigrations migrations,
      RunLifecycle lifecycle,
      Handover handover,
      CancelledHandover cancelled,
      WishWatch wishes,
      RunConfig config) {
    this.targets = targets;
    this.scripts = scripts;
    this.runs = runs;
    this.migrations = migrations;
    this.lifecycle = lifecycle;
    this.handover = handover;
    this.cancelled = cancelled;
    this.wishes = wishes;
    this.config = config;
  }

  @Override
  public Step step() {
    return Step.APPLY;
  }

  @Override
  public void run(UUID id) throws Exception {
    handover.endIfStillPaused(id);
    Claim claim = lifecycle.claim(id, step(), RunStateName.APPLYING);
    Run run = runs.find(id).orElseThrow();
    Optional<RunError> error;
    try (WishWatch.Watched watched = wishes.watch(claim, run)) {
      error = applyAll(claim, run, watched);
      if (error.isEmpty()) {
        watched.ends();
      }
    } catch (RunCancelled e) {
      cancelled.end(claim, targets.find(run.target()).orElseThrow());
      return;
    } catch (StepPaused e) {
      handover.paused(claim);
      throw e;
    } catch (Refusal e) {
      error = Optional.of(RunError.of(e.getMessage()));
    }
    CrashPoint.RUN_STATE.before();
    if (error.isPresent()) {
      handover.failed(claim, step(), new RunState.Applying().failed(), error.get());
    } else {
      handover.applied(claim, run);
    }
    CrashPoint.RUN_STATE.after();
  }

  private Optional<RunError> applyAll(Claim claim, Run run, WishWatch.Watched watched)
      throws Exception {
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
      ScriptRunner first = runner(session, ApplyListener.SILENT, watched, callbacks);
      first.prepareHistory();
      first.repairHistory(repairs);
      repairs.forEach(repair -> progress.say(RunProgress.says(repair.sentence())));
      RunCallbacks around = new RunCallbacks(first);
      if (run.options().atomic() && !planned.isEmpty()) {
        ApplyTogether together =
            new ApplyTogether(claim, planned, migrations, contents, progress, watched);
        List<Script> all = planned.stream().map(catalogue::planned).toList();
        Optional<RunError> error =
            together.apply(
                runner(session, together, watched, callbacks), all, contents.duringAll());
        return error.isPresent() ? Optional.of(around.failed(error.get())) : error;
      }
      Optional<RunError> error = around.begin();
      for (RunMigration migration : planned) {
        if (error.isEmpty()) {
          error = around.before(migration);
        }
        if (error.isPresent() || migration.state() == MigrationState.APPLIED) {
          continue;
        }
        Script script = catalogue.planned(migration);
        ApplyReport report =
            new ApplyReport(
                progress, migrations, contents, watched, claim, migration, planned.size());
        note(run, migration, MigrationState.APPLYING);
        ApplyResult result =
            runner(session, report, watched, callbacks)
                .apply(script, contents.during(migration, script));
        error = settle(run, migration, result);
        if (error.isEmpty()) {
          contents.applied();
        }
      }
      if (error.isEmpty()) {
        error = around.end(planned);
      }
      return error.isPresent() ? Optional.of(around.failed(error.get())) : error;
    }
  }

  private static ScriptRunner runner(
      TargetSession session,
      ApplyListener listener,
      WishWatch.Watched watched,
      Callbacks callbacks) {
    return new ScriptRunner(session, ApplySettings.DEFAULT, listener, watched.signal(), callbacks);
  }

  /** Notes how a migration ended; the error if it ends the run. */
  private Optional<RunError> settle(Run run, RunMigration migration, ApplyResult result) {
    if (result instanceof ApplyResult.Applied applied) {
      CrashPoint.MIGRATION_STATE.before();
      migrations.applied(
          run.id(),
          migration.position(),
          applied.executionTime().toMillis(),
          applied.rows(),
          applied.lockWait().toMillis());
      CrashPoint.MIGRATION_STATE.after();
      return Optional.empty();
    }
    if (result instanceof ApplyResult.AlreadyApplied) {
      note(run, migration, MigrationState.APPLIED);
      return Optional.empty();
    }
    if (result instanceof ApplyResult.Paused) {
      throw new StepPaused();
    }
    if (!(result instanceof ApplyResult.Failed failed)) {
      note(run, migration, MigrationState.PENDING);
      throw new RunCancelled();
    }
    note(run, migration, MigrationState.FAILED);
    return Optional.of(error(failed.failure()));
  }

  private void note(Run run, RunMigration migration, MigrationState state) {
    CrashPoint.MIGRATION_STATE.before();
    migrations.state(run.id(), migration.position(), state);
    CrashPoint.MIGRATION_STATE.after();
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

package io.whimbrel.executor.step;

import io.whimbrel.event.Operation;
import io.whimbrel.event.RollbackStrategy;
import io.whimbrel.event.RunError;
import io.whimbrel.event.RunStateName;
import io.whimbrel.event.TableName;
import io.whimbrel.executor.apply.ApplyListener;
import io.whimbrel.executor.apply.ApplyResult;
import io.whimbrel.executor.apply.ApplySettings;
import io.whimbrel.executor.apply.CancelSignal;
import io.whimbrel.executor.apply.Checkpoints;
import io.whimbrel.executor.apply.CrashPoint;
import io.whimbrel.executor.apply.InTransaction;
import io.whimbrel.executor.apply.SchemaHistory;
import io.whimbrel.executor.apply.ScriptRunner;
import io.whimbrel.executor.apply.StaleFence;
import io.whimbrel.executor.apply.TargetLost;
import io.whimbrel.executor.apply.TargetSession;
import io.whimbrel.executor.backup.BackupFailed;
import io.whimbrel.executor.backup.BackupInvalid;
import io.whimbrel.executor.backup.ContentFingerprint;
import io.whimbrel.executor.backup.RestoreFailed;
import io.whimbrel.executor.backup.WriteEvidence;
import io.whimbrel.executor.backup.WrittenByOthers;
import io.whimbrel.executor.catalog.Refusal;
import io.whimbrel.executor.plan.ToUndo;
import io.whimbrel.executor.plan.UndoPlan;
import io.whimbrel.executor.plan.UndoSelection;
import io.whimbrel.executor.planning.Scripts;
import io.whimbrel.executor.rollback.RollbackDecision;
import io.whimbrel.executor.rollback.RollbackFacts;
import io.whimbrel.executor.run.BackupRecord.Purpose;
import io.whimbrel.executor.run.Claim;
import io.whimbrel.executor.run.MigrationState;
import io.whimbrel.executor.run.Run;
import io.whimbrel.executor.run.RunConfig;
import io.whimbrel.executor.run.RunLifecycle;
import io.whimbrel.executor.run.RunPlan.PlannedMigration;
import io.whimbrel.executor.run.RunProgress;
import io.whimbrel.executor.run.RunRepository;
import io.whimbrel.executor.run.Step;
import io.whimbrel.executor.step.BackupChecks.NotTried;
import io.whimbrel.target.Target;
import io.whimbrel.target.TargetRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * Takes back what a run did: by undo scripts, by inverses that its plan proved, or by restoring the
 * backup. If it stops half way, an undo is wholly there or not at all, a restore likewise, and the
 * next attempt goes on with what the schema history still has.
 */
@ApplicationScoped
class RollBack implements RunStep {
  private final TargetRegistry targets;
  private final Scripts scripts;
  private final RunRepository runs;
  private final RunLifecycle lifecycle;
  private final BackupTaking taking;
  private final RollbackSubjects subjects;
  private final RollbackHandover handover;
  private final RunConfig config;

  RollBack(
      TargetRegistry targets,
      Scripts scripts,
      RunRepository runs,
      RunLifecycle lifecycle,
      BackupTaking taking,
      RollbackSubjects subjects,
      RollbackHandover handover,
      RunConfig config) {
    this.targets = targets;
    this.scripts = scripts;
    this.runs = runs;
    this.lifecycle = lifecycle;
    this.taking = taking;
    this.subjects = subjects;
    this.handover = handover;
    this.config = config;
  }

  @Override
  public Step step() {
    return Step.ROLL_BACK;
  }

  @Override
  public void run(UUID id) throws Exception {
    Claim claim = lifecycle.claim(id, step(), RunStateName.ROLLING_BACK);
    Run run = runs.find(id).orElseThrow();
    Target target = targets.find(run.target()).orElseThrow();
    try (TargetSession session =
        TargetSession.open(target, id.toString(), claim.token(), config.targetPatience())) {
      takeBack(new Work(claim, run, target, session, subjects.of(run)));
    } catch (Refusal | BackupFailed | BackupInvalid | NotTried | RestoreFailed e) {
      handover.failed(claim, RunError.of("The change was not taken back: " + e.getMessage()));
    }
  }

  /** What one attempt works with. */
  private record Work(
      Claim claim, Run run, Target target, TargetSession session, RollbackSubject subject) {}

  private void takeBack(Work work)
      throws SQLException,
          TargetLost,
          StaleFence,
          BackupFailed,
          BackupInvalid,
          NotTried,
          RestoreFailed {
    Scripts.Current readable = scripts.of(work.target);
    List<ToUndo> applied = applied(work, readable);
    RollbackDecision decision =
        RollbackDecision.decide(facts(work, applied, new WriteEvidence.OnlyTheRun()));
    handover.decided(work.claim, decision);
    if (work.run.request().operation() != Operation.ROLLBACK && !applied.isEmpty()) {
      backUpFirst(work);
    }
    if (decision instanceof RollbackDecision.Undo) {
      Optional<RunError> error = undo(work, readable, applied);
      if (error.isPresent()) {
        undoFailed(work, applied, error.get());
        return;
      }
    } else if (decision instanceof RollbackDecision.Restore) {
      restore(work, applied);
      return;
    } else if (decision instanceof RollbackDecision.Stop stop) {
      handover.stopped(work.claim, stop);
      return;
    }
    handover.rolledBack(work.claim, work.subject.run(), decision);
  }

  /** What of the plan is applied now, as the target's own history says. */
  private static List<ToUndo> applied(Work work, Scripts.Current readable) throws SQLException {
    List<String> names =
        work.run.planned().migrations().stream().map(PlannedMigration::script).toList();
    List<ToUndo> applied =
        new UndoPlan(
                readable.catalogue(),
                new SchemaHistory(work.target).read(work.session.connection()))
            .select(new UndoSelection.Applied(names));
    boolean allowed = work.target.policy().recovery().derivedUndo();
    Map<String, String> inverses = allowed ? work.subject.inverses() : Map.of();
    return applied.stream().map(one -> DerivedInverse.of(one, inverses)).toList();
  }

  private static RollbackFacts facts(Work work, List<ToUndo> applied, WriteEvidence evidence) {
    return new RollbackFacts(
        work.run.strategy(),
        applied.size(),
        names(applied, DerivedInverse::takesBack),
        names(applied, one -> one.undo().isEmpty()),
        work.subject.backup().isPresent(),
        evidence,
        work.run.acceptsDataLoss());
  }

  private static List<String> names(List<ToUndo> migrations, Predicate<ToUndo> such) {
    return migrations.stream().filter(such).map(one -> one.applied().script()).toList();
  }

  /** A rollback changes things too. One that was asked for has its backup from BACKING_UP. */
  private void backUpFirst(Work work)
      throws SQLException, StaleFence, BackupFailed, BackupInvalid, NotTried {
    if (!work.run.options().createBackup()) {
      return;
    }
    List<TableName> existing;
    work.session.begin();
    try {
      existing =
          ContentFingerprint.take(work.session.connection(), work.target.schemas(), List.of(), null)
              .tables();
    } finally {
      work.session.rollback();
    }
    taking.take(
        work.claim,
        work.run,
        work.target,
        work.run.planned().mayHaveTouched(existing),
        Purpose.BEFORE_ROLLBACK);
  }

  private Optional<RunError> undo(Work work, Scripts.Current readable, List<ToUndo> applied)
      throws TargetLost, StaleFence {
    for (ToUndo one : applied) {
      ScriptRunner runner =
          new ScriptRunner(
              work.session, ApplySettings.DEFAULT, ApplyListener.SILENT, new CancelSignal());
      ApplyResult result =
          runner.apply(readable.script(one.undo().orElseThrow()), InTransaction.NOTHING);
      if (result instanceof ApplyResult.Failed failed) {
        handover.became(work.claim, work.subject.run(), one, MigrationState.FAILED);
        return Optional.of(Applying.error(failed.failure()));
      }
      handover.became(work.claim, work.subject.run(), one, MigrationState.UNDONE);
    }
    return Optional.empty();
  }

  /** While nothing is undone yet, the backup is as good a way as before. */
  private void undoFailed(Work work, List<ToUndo> applied, RunError error)
      throws SQLException, TargetLost, StaleFence, BackupInvalid, RestoreFailed {
    boolean nothingUndone = applied(work, scripts.of(work.target)).size() == applied.size();
    if (nothingUndone
        && work.subject.backup().isPresent()
        && work.run.strategy() == RollbackStrategy.AUTO) {
      restore(work, applied);
    } else {
      handover.failed(work.claim, error);
    }
  }

  private void restore(Work work, List<ToUndo> applied)
      throws SQLException, TargetLost, StaleFence, BackupInvalid, RestoreFailed {
    SchemaHistory history = new SchemaHistory(work.target);
    work.session.begin();
    try {
      taking
          .restore()
          .run(
              work.subject.restore(work.target, taking, work.run.acceptsDataLoss()),
              work.session.connection());
      for (ToUndo one : applied) {
        history.takenBack(work.session.connection(), one.applied());
      }
      // What batches had done of a script that did not end is gone too, so it begins anew.
      for (String script : work.subject.scripts()) {
        Checkpoints.clear(work.session.connection(), script);
      }
      lifecycle.progress(work.claim, RunProgress.says("Restored; about to commit"));
      work.session.commit(CrashPoint.RESTORED);
    } catch (WrittenByOthers e) {
      work.session.rollback();
      RollbackDecision decision = RollbackDecision.decide(facts(work, applied, e.evidence()));
      handover.decided(work.claim, decision);
      if (decision instanceof RollbackDecision.Stop stop) {
        handover.stopped(work.claim, stop);
        return;
      }
      handover.failed(
          work.claim, RunError.of("The tables changed while it was decided; request it again"));
      return;
    } finally {
      work.session.rollback();
    }
    handover.rolledBack(
        work.claim,
        work.subject.run(),
        new RollbackDecision.Restore("the backup was restored", work.run.acceptsDataLoss()));
  }
}

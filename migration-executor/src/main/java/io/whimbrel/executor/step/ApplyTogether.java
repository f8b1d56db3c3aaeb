package io.whimbrel.executor.step;

import io.whimbrel.event.RunError;
import io.whimbrel.executor.apply.AppliedTogether;
import io.whimbrel.executor.apply.ApplyListener;
import io.whimbrel.executor.apply.ApplyResult;
import io.whimbrel.executor.apply.Blocker;
import io.whimbrel.executor.apply.StaleFence;
import io.whimbrel.executor.apply.TargetLost;
import io.whimbrel.executor.catalog.Script;
import io.whimbrel.executor.planning.Scripts;
import io.whimbrel.executor.run.Claim;
import io.whimbrel.executor.run.CommitIntents;
import io.whimbrel.executor.run.MigrationState;
import io.whimbrel.executor.run.RunMigration;
import io.whimbrel.executor.run.RunMigrations;
import io.whimbrel.executor.run.RunProgress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Applies the migrations of a run in one transaction. Whatever stops it, either all of them are
 * there or none, as the schema history of the target says to the next attempt; the run then shows
 * the same of each of them.
 */
final class ApplyTogether implements ApplyListener {
  private final Claim claim;
  private final List<RunMigration> planned;
  private final RunMigrations migrations;
  private final CommitIntents intents;
  private final ContentRecorder contents;
  private final ProgressReporter progress;
  private final WishWatch.Watched wishes;

  ApplyTogether(
      Claim claim,
      List<RunMigration> planned,
      RunMigrations migrations,
      CommitIntents intents,
      ContentRecorder contents,
      ProgressReporter progress,
      WishWatch.Watched wishes) {
    this.claim = claim;
    this.wishes = wishes;
    this.planned = List.copyOf(planned);
    this.migrations = migrations;
    this.intents = intents;
    this.contents = contents;
    this.progress = progress;
  }

  /**
   * Applies them.
   *
   * @throws RunCancelled if someone has cancelled the run
   */
  Optional<RunError> apply(Applying.Runners runners, Scripts.Current catalogue)
      throws TargetLost, StaleFence {
    List<Script> scripts = catalogue.planned(planned);
    Map<String, ApplyListener> reports = new HashMap<>();
    for (RunMigration migration : planned) {
      reports.put(
          migration.script(),
          new ApplyReport(progress, intents, contents, wishes, claim, migration, planned.size()));
    }
    migrations.allState(claim.run(), MigrationState.APPLYING);
    AppliedTogether result =
        runners
            .telling(this)
            .applyTogether(
                scripts,
                script -> reports.getOrDefault(script.migration().script(), ApplyListener.SILENT),
                contents.duringAll());
    return settle(result);
  }

  private Optional<RunError> settle(AppliedTogether result) {
    if (result.whole() instanceof ApplyResult.Applied
        || result.whole() instanceof ApplyResult.AlreadyApplied) {
      migrations.allApplied(
          claim.run(),
          result.each().stream()
              .map(
                  one ->
                      new RunMigrations.Figures(
                          one.executionTime().toMillis(), one.rows(), 0, null, one.slowest()))
              .toList());
      return Optional.empty();
    }
    if (!(result.whole() instanceof ApplyResult.Failed failed)) {
      migrations.allState(claim.run(), MigrationState.PENDING);
      throw new RunCancelled();
    }
    migrations.allState(claim.run(), MigrationState.FAILED);
    RunError error = Applying.error(failed.failure());
    return Optional.of(
        new RunError(
            error.message()
                + "; all migrations of the run share one transaction, and none is applied",
            error.sqlState(),
            error.script(),
            error.line(),
            error.statement(),
            error.blockers()));
  }

  @Override
  public void retrying(int attempt, Duration pause, List<Blocker> blockers) {
    wishes.begins();
    progress.say(
        RunProgress.says(
                "A lock did not come, held by %s; all migrations are rolled back and tried again in %d ms"
                    .formatted(ApplyReport.names(blockers), pause.toMillis()))
            .waitingForLock());
  }

  @Override
  public void aboutToCommit(String xid) {
    if (intents.allAboutToCommit(claim, xid, contents.begin(), contents.end())) {
      wishes.sealed();
    } else {
      wishes.signal().cancel();
    }
  }
}

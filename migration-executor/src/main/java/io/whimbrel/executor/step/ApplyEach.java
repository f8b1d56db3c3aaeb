package io.whimbrel.executor.step;

import io.whimbrel.event.RunError;
import io.whimbrel.executor.apply.ApplyResult;
import io.whimbrel.executor.apply.StaleFence;
import io.whimbrel.executor.apply.TargetLost;
import io.whimbrel.executor.catalog.Refusal;
import io.whimbrel.executor.catalog.Script;
import io.whimbrel.executor.planning.Scripts;
import io.whimbrel.executor.run.Claim;
import io.whimbrel.executor.run.CommitIntents;
import io.whimbrel.executor.run.MigrationState;
import io.whimbrel.executor.run.RunMigration;
import io.whimbrel.executor.run.RunMigrations;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Applies the migrations of a run one after the other, each in transactions of its own, and notes
 * in the run how each ended. What was noted before it stops half way stays.
 */
final class ApplyEach {
  private final Claim claim;
  private final List<RunMigration> planned;
  private final RunMigrations migrations;
  private final CommitIntents intents;
  private final ContentRecorder contents;
  private final ProgressReporter progress;
  private final WishWatch.Watched wishes;

  ApplyEach(
      Claim claim,
      List<RunMigration> planned,
      RunMigrations migrations,
      CommitIntents intents,
      ContentRecorder contents,
      ProgressReporter progress,
      WishWatch.Watched wishes) {
    this.claim = claim;
    this.planned = List.copyOf(planned);
    this.migrations = migrations;
    this.intents = intents;
    this.contents = contents;
    this.progress = progress;
    this.wishes = wishes;
  }

  /**
   * Applies those that the run has not noted as applied.
   *
   * @throws Refusal before anything runs, if one has changed since it was planned
   * @throws RunCancelled if someone has cancelled the run
   * @throws StepPaused if it is to wait
   */
  Optional<RunError> apply(Applying.Runners runners, Scripts.Current catalogue, RunCallbacks around)
      throws TargetLost, StaleFence {
    // All of them before anything runs, as one may have changed since the run was planned.
    List<RunMigration> left =
        planned.stream().filter(one -> one.state() != MigrationState.APPLIED).toList();
    List<Script> scripts = catalogue.planned(left);
    Map<RunMigration, Script> pending = new HashMap<>();
    for (int i = 0; i < scripts.size(); i++) {
      pending.put(left.get(i), scripts.get(i));
    }
    Optional<RunError> error = around.begin();
    runners.wal().begin();
    RunMigration noted = null;
    for (int i = 0; i < planned.size() && error.isEmpty(); i++) {
      RunMigration migration = planned.get(i);
      error = around.before(migration);
      Script script = pending.get(migration);
      if (error.isPresent() || script == null) {
        continue;
      }
      if (!migration.equals(noted)) {
        note(migration, MigrationState.APPLYING);
      }
      ApplyReport report =
          new ApplyReport(progress, intents, contents, wishes, claim, migration, planned.size());
      ApplyResult result = runners.apply(script, report, contents.during(migration, script));
      Long written = runners.wal().bytes();
      // What was begun by another session has written more than this one knows.
      Long walBytes = migration.state() == MigrationState.PENDING ? written : null;
      RunMigration next = i + 1 < planned.size() ? planned.get(i + 1) : null;
      noted = next != null && pending.containsKey(next) && around.nothingBefore(next) ? next : null;
      error = settle(migration, result, walBytes, noted);
      if (error.isEmpty()) {
        contents.applied();
      }
    }
    return error.isPresent() ? error : around.end(planned);
  }

  /**
   * Notes how a migration ended; the error if it ends the run.
   *
   * @param next the one that is applied from now on if this one did not end the run, unless that is
   *     to be noted later
   */
  private Optional<RunError> settle(
      RunMigration migration,
      ApplyResult result,
      @Nullable Long walBytes,
      @Nullable RunMigration next) {
    if (result instanceof ApplyResult.Applied applied) {
      migrations.applied(
          claim.run(),
          migration.position(),
          new RunMigrations.Figures(
              applied.executionTime().toMillis(),
              applied.rows(),
              applied.lockWait().toMillis(),
              walBytes,
              applied.slowest()),
          next == null ? null : next.position());
      return Optional.empty();
    }
    if (result instanceof ApplyResult.AlreadyApplied) {
      note(migration, MigrationState.APPLIED);
      if (next != null) {
        note(next, MigrationState.APPLYING);
      }
      return Optional.empty();
    }
    if (result instanceof ApplyResult.Paused) {
      throw new StepPaused();
    }
    if (!(result instanceof ApplyResult.Failed failed)) {
      note(migration, MigrationState.PENDING);
      throw new RunCancelled();
    }
    note(migration, MigrationState.FAILED);
    return Optional.of(Applying.error(failed.failure()));
  }

  private void note(RunMigration migration, MigrationState state) {
    migrations.state(claim.run(), migration.position(), state);
  }
}

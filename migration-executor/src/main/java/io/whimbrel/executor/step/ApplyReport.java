package io.whimbrel.executor.step;

import io.whimbrel.event.MigrationProgress.Rows;
import io.whimbrel.executor.apply.ApplyListener;
import io.whimbrel.executor.apply.Blocker;
import io.whimbrel.executor.apply.RowProgress;
import io.whimbrel.executor.run.Claim;
import io.whimbrel.executor.run.CommitIntents;
import io.whimbrel.executor.run.RunMigration;
import io.whimbrel.executor.run.RunProgress;
import io.whimbrel.executor.run.Step;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns what the engine says of one script into the progress of its run. */
final class ApplyReport implements ApplyListener {
  private final ProgressReporter progress;
  private final CommitIntents intents;
  private final ContentRecorder contents;
  private final WishWatch.Watched wishes;
  private final Claim claim;
  private final RunMigration migration;
  private final int count;
  private @Nullable Rows last;

  /**
   * @param count how many migrations the run has
   */
  ApplyReport(
      ProgressReporter progress,
      CommitIntents intents,
      ContentRecorder contents,
      WishWatch.Watched wishes,
      Claim claim,
      RunMigration migration,
      int count) {
    this.progress = progress;
    this.intents = intents;
    this.contents = contents;
    this.wishes = wishes;
    this.claim = claim;
    this.migration = migration;
    this.count = count;
  }

  @Override
  public void statement(int number, int of, int line) {
    wishes.begins();
    progress.perhaps(
        progress(
            number,
            of,
            percent((double) (number - 1) / of),
            null,
            null,
            "%s, statement %d of %d".formatted(migration.script(), number, of)));
  }

  @Override
  public void running(int number, int of, double part, String phase) {
    progress.perhaps(
        progress(
            number,
            of,
            percent((number - 1 + part) / of),
            null,
            null,
            "%s, statement %d of %d%s"
                .formatted(migration.script(), number, of, phase.isEmpty() ? "" : ": " + phase)));
  }

  @Override
  public void waiting(List<Blocker> blockers) {
    progress.perhaps(
        says(migration.script() + " waits for a lock held by " + names(blockers)).waitingForLock());
  }

  @Override
  public void retrying(int attempt, Duration pause, List<Blocker> blockers) {
    wishes.begins();
    progress.say(
        says("%s did not get its lock, held by %s; it is rolled back and tried again in %d ms"
                .formatted(migration.script(), names(blockers), pause.toMillis()))
            .waitingForLock());
  }

  @Override
  public boolean pauseWanted() {
    return wishes.pauses();
  }

  @Override
  public void rows(RowProgress rows) {
    Rows told =
        new Rows(
            rows.done(), rows.total(), rows.perSecond(), rows.batchSize(), rows.estimated(), null);
    last = told;
    double part = rows.total() == 0 ? 1 : Math.min(1, (double) rows.done() / rows.total());
    progress.say(
        progress(
            null,
            null,
            percent(part),
            told,
            rows.remaining().toSeconds(),
            "%s, %d of %s%d rows"
                .formatted(
                    migration.script(),
                    rows.done(),
                    rows.estimated() ? "about " : "",
                    rows.total())));
  }

  @Override
  public void held(List<String> reasons) {
    String why = "Waits, as " + String.join("; ", reasons);
    Rows before = last;
    progress.perhaps(
        progress(
            null,
            null,
            null,
            (before == null ? new Rows(0, null, null, null, null, null) : before).paused(why),
            null,
            migration.script() + ": " + why));
  }

  @Override
  public void signalsOff(String role, List<String> signals) {
    progress.say(
        says(
            "%s does not wait for %s, which role %s may not see; grant it pg_read_all_stats"
                .formatted(migration.script(), String.join(", ", signals), role)));
  }

  @Override
  public void sweepsSpent(int times) {
    progress.say(
        says(
            "%s: rows were added behind its last batch %d times; those that are added now are not"
                    .formatted(migration.script(), times)
                + " gone over, so the application has to write them right"));
  }

  @Override
  public void aboutToCommit(String xid) {
    boolean last = migration.position() == count - 1;
    if (!intents.aboutToCommit(
        claim, migration.position(), xid, contents.begin(), contents.end(), last)) {
      wishes.signal().cancel();
    } else if (last) {
      wishes.sealed();
    }
  }

  private double percent(double part) {
    return Math.round(1000.0 * (migration.position() + part) / count) / 10.0;
  }

  private RunProgress says(String message) {
    return progress(null, null, null, null, null, message);
  }

  private RunProgress progress(
      @Nullable Integer statement,
      @Nullable Integer of,
      @Nullable Double percent,
      @Nullable Rows rows,
      @Nullable Long etaSeconds,
      String message) {
    return new RunProgress(
        Step.APPLY.name(), migration.script(), statement, of, percent, rows, etaSeconds, message);
  }

  static String names(List<Blocker> blockers) {
    return blockers.isEmpty()
        ? "a session that cannot be named"
        : String.join(", ", blockers.stream().map(Blocker::toString).toList());
  }
}

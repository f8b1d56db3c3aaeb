package io.whimbrel.executor.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.whimbrel.event.MigrationProgress;
import io.whimbrel.event.MigrationProgress.Rows;
import org.jspecify.annotations.Nullable;

/** How far a run has come within its state; units as in {@code MigrationProgress}. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RunProgress(
    @Nullable String step,
    @Nullable String migration,
    @Nullable Integer statement,
    @Nullable Integer of,
    @Nullable Double percent,
    @Nullable Rows rows,
    @Nullable Long etaSeconds,
    @Nullable String message) {

  /** The step of a run that waits between two batches by the wish of a user. */
  private static final String PAUSED = "PAUSED";

  /** The same, and that nothing more happens until someone lets the run go on. */
  public RunProgress pausedBy(String who) {
    String why = "Paused by " + who;
    return new RunProgress(
        PAUSED,
        migration,
        statement,
        of,
        percent,
        rows == null ? null : rows.paused(why),
        null,
        why);
  }

  /** Whether {@link #pausedBy} was the last that was said. */
  public boolean isPaused() {
    return PAUSED.equals(step);
  }

  RunProgress with(String other) {
    return new RunProgress(step, migration, statement, of, percent, rows, etaSeconds, other);
  }

  /** The same of a run that waits for a lock, or did not get it. */
  public RunProgress waitingForLock() {
    return new RunProgress(
        MigrationProgress.LOCK_WAIT, migration, statement, of, percent, rows, etaSeconds, message);
  }

  public static RunProgress says(String message) {
    return new RunProgress(null, null, null, null, null, null, null, message);
  }
}

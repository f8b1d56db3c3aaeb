package io.whimbrel.monitoring.cleanup;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;

/**
 * What a cleaning forgets, or would forget. The audit trail is never part of it, nor are the counts
 * of what is forgotten.
 *
 * @param before what ended before is forgotten
 * @param days of the event log
 * @param runs that ended, and have no open alert
 * @param alerts that are resolved
 */
public record CleanupPlan(
    boolean dryRun,
    Instant before,
    List<Day> days,
    long runs,
    long validations,
    long alerts,
    long deadLetters) {

  /**
   * A day of the event log, UTC.
   *
   * @param bytes on disk, with its indexes
   * @param kept whether it stays, since an active run or an open alert needs it
   */
  public record Day(LocalDate day, long bytes, boolean kept) {}

  CleanupPlan carriedOut() {
    return new CleanupPlan(false, before, days, runs, validations, alerts, deadLetters);
  }
}

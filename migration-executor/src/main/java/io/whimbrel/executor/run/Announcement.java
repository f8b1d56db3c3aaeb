package io.whimbrel.executor.run;

import io.whimbrel.event.MigrationProgress;
import io.whimbrel.event.MigrationProgress.Drift;
import io.whimbrel.event.Phase;
import io.whimbrel.event.PlannedChange;
import io.whimbrel.event.RunError;
import io.whimbrel.event.TableName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is said when a run enters a state.
 *
 * @param step what comes next, in one word, if it is not for the executor to do
 * @param phase the validation that is asked for with it
 * @param touched the tables that validation should look at
 * @param plannedChanges the rules that the run is about to give the data, if there are any
 * @param drift how the target compares with its history, if it was compared
 */
public record Announcement(
    String message,
    @Nullable String step,
    @Nullable Phase phase,
    @Nullable List<TableName> touched,
    @Nullable List<PlannedChange> plannedChanges,
    @Nullable Drift drift,
    @Nullable RunError error) {

  public static Announcement says(String message) {
    return planned(message, null);
  }

  /** The plan stands. */
  public static Announcement planned(String message, @Nullable Drift drift) {
    return new Announcement(message, null, null, null, null, drift, null);
  }

  public static Announcement asksBefore(
      List<TableName> touched, List<PlannedChange> plannedChanges) {
    return new Announcement(
        "Waits for the validation before the change",
        MigrationProgress.AWAITING_VALIDATION,
        Phase.BEFORE,
        touched,
        plannedChanges.isEmpty() ? null : plannedChanges,
        null,
        null);
  }

  public static Announcement asksAfter(List<TableName> touched) {
    return new Announcement(
        "Waits for the validation after the change",
        MigrationProgress.AWAITING_VALIDATION,
        Phase.AFTER,
        touched,
        null,
        null,
        null);
  }

  public static Announcement of(RunError error) {
    return new Announcement(error.message(), null, null, null, null, null, error);
  }

  /** The run ends, and somebody has to choose how to go on. */
  public static Announcement leavesToPeople(RunError error) {
    return new Announcement(
        error.message(), MigrationProgress.DECISION_NEEDED, null, null, null, null, error);
  }
}

package io.whimbrel.monitoring.alert;

import io.whimbrel.event.Event;
import io.whimbrel.event.MigrationProgress;
import io.whimbrel.event.Severity;
import java.time.Instant;
import java.util.Optional;

/** Raises an alert for a run that failed, was rolled back, or could not be rolled back. */
record RunEndedBadly() implements AlertRule {

  @Override
  public Optional<Alert> examine(Event event, Instant time) {
    return event instanceof MigrationProgress progress ? examine(progress) : Optional.empty();
  }

  private static Optional<Alert> examine(MigrationProgress progress) {
    return switch (progress.state()) {
      case FAILED -> Optional.of(failed(progress));
      case ROLLED_BACK -> Optional.of(rolledBack(progress));
      case ROLLBACK_FAILED ->
          Optional.of(
              MigrationProgress.DECISION_NEEDED.equals(progress.step())
                  ? decisionNeeded(progress)
                  : rollbackFailed(progress));
      default -> Optional.empty();
    };
  }

  private static Alert failed(MigrationProgress progress) {
    return alert(
        AlertKind.RUN_FAILED,
        Severity.ERROR,
        progress,
        "A run on " + progress.target() + " failed",
        "The run stopped "
            + Why.of(progress.error())
            + ". Scripts it had applied before stay applied; its history says which."
            + " Look at the run, mend the cause and execute again.",
        "run-failed:");
  }

  private static Alert rolledBack(MigrationProgress progress) {
    return alert(
        AlertKind.RUN_ROLLED_BACK,
        Severity.WARNING,
        progress,
        "A run on " + progress.target() + " was rolled back",
        "The changes were taken back "
            + Why.of(progress.error())
            + ". Look at the run and its validation reports before executing again.",
        "run-rolled-back:");
  }

  private static Alert rollbackFailed(MigrationProgress progress) {
    return alert(
        AlertKind.ROLLBACK_FAILED,
        Severity.CRITICAL,
        progress,
        "A rollback on " + progress.target() + " failed",
        "The changes could not be taken back "
            + Why.of(progress.error())
            + ". Keep writers off the target if you can, look at the run and its backup,"
            + " and decide between a restore and going on.",
        "rollback-failed:");
  }

  private static Alert decisionNeeded(MigrationProgress progress) {
    return alert(
        AlertKind.DECISION_NEEDED,
        Severity.CRITICAL,
        progress,
        "A rollback on " + progress.target() + " waits for a decision",
        "Nothing was taken back, and nothing goes on by itself "
            + Why.of(progress.error())
            + ". Choose one of the ways that the run names under rollback.options.",
        "decision-needed:");
  }

  private static Alert alert(
      AlertKind kind,
      Severity severity,
      MigrationProgress progress,
      String title,
      String detail,
      String cause) {
    return Alert.ofRun(
        kind,
        severity,
        progress.target(),
        progress.runId(),
        title,
        detail,
        cause + progress.runId(),
        progress.at());
  }
}

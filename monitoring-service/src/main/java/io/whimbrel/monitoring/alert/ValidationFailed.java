package io.whimbrel.monitoring.alert;

import io.whimbrel.event.Event;
import io.whimbrel.event.Phase;
import io.whimbrel.event.Severity;
import io.whimbrel.event.ValidationCompleted;
import io.whimbrel.event.ValidationCompleted.Finding;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Raises an alert for a validation that found what must not be, or could not look. */
record ValidationFailed() implements AlertRule {
  private static final int NAMED = 3;

  @Override
  public Optional<Alert> examine(Event event, Instant time) {
    return event instanceof ValidationCompleted validation && !validation.valid()
        ? Optional.of(alert(validation, time))
        : Optional.empty();
  }

  private static Alert alert(ValidationCompleted validation, Instant time) {
    boolean after = validation.phase() == Phase.AFTER;
    return Alert.ofRun(
        AlertKind.VALIDATION_FAILED,
        after ? Severity.ERROR : Severity.WARNING,
        validation.target(),
        validation.runId(),
        "The validation of " + validation.target() + when(validation.phase()) + " failed",
        what(validation) + " " + next(validation.phase(), validation),
        cause(validation),
        time);
  }

  private static String when(Phase phase) {
    return switch (phase) {
      case BEFORE -> " before a run";
      case AFTER -> " after a run";
      case TARGETED -> "";
    };
  }

  private static String what(ValidationCompleted validation) {
    if (validation.error() != null) {
      return "It could not look: " + Why.plain(validation.error()) + ".";
    }
    List<Finding> findings = validation.findings();
    String named =
        findings.stream()
            .sorted((a, b) -> b.severity().compareTo(a.severity()))
            .limit(NAMED)
            .map(f -> f.rule() + (f.table() == null ? "" : " in " + f.table()))
            .map(Why::plain)
            .collect(Collectors.joining(", "));
    long all = validation.counts().values().stream().mapToLong(Long::longValue).sum();
    return "It has "
        + all
        + (all == 1 ? " finding" : " findings")
        + (named.isEmpty() ? "." : ", among them " + named + ".");
  }

  private static String next(Phase phase, ValidationCompleted validation) {
    String report = "Read the report " + validation.validationId();
    return switch (phase) {
      case BEFORE -> "Nothing was changed. " + report + ", mend the data and execute again.";
      case AFTER -> "The run decides whether it takes its changes back. " + report + ".";
      case TARGETED -> report + ".";
    };
  }

  private static String cause(ValidationCompleted validation) {
    return validation.phase() == Phase.TARGETED
        ? "validation-failed:" + validation.validationId()
        : "validation-failed:" + validation.runId() + ":" + validation.phase();
  }
}

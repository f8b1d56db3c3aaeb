package io.whimbrel.monitoring.alert;

import io.whimbrel.event.Event;
import io.whimbrel.event.MigrationProgress;
import io.whimbrel.event.MigrationProgress.Drift;
import io.whimbrel.event.MigrationProgress.Drifted;
import io.whimbrel.event.Severity;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Raises an alert for a target that is not what its schema history makes of it. A target has one of
 * them at a time, however many runs find it so.
 */
record DriftFound() implements AlertRule {
  private static final int NAMED = 3;

  @Override
  public Optional<Alert> examine(Event event, Instant time) {
    return event instanceof MigrationProgress progress
            && progress.drift() != null
            && progress.drift().differences() > 0
        ? Optional.of(alert(progress, progress.drift()))
        : Optional.empty();
  }

  private static Alert alert(MigrationProgress progress, Drift drift) {
    String named =
        drift.objects().stream()
            .limit(NAMED)
            .map(DriftFound::words)
            .map(Why::plain)
            .collect(Collectors.joining(", "));
    return Alert.ofCondition(
        AlertKind.DRIFT,
        Severity.WARNING,
        progress.target(),
        progress.runId(),
        "Target " + progress.target() + " is not what its history makes of it",
        "%d %s%s. Somebody changed it past its migrations: make a plan, whose drift has all of it with the statements that lead there, and bring it into a migration or take it back."
            .formatted(
                drift.differences(),
                drift.differences() == 1 ? "object differs" : "objects or parts of them differ",
                named.isEmpty() ? "" : ", among them " + named),
        "drift:" + progress.target(),
        progress.at());
  }

  private static String words(Drifted object) {
    return object.kind().toLowerCase(Locale.ROOT)
        + " "
        + object.name()
        + (object.aspect() == null ? "" : " (" + object.aspect() + ")");
  }
}

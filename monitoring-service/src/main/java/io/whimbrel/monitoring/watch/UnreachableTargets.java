package io.whimbrel.monitoring.watch;

import io.whimbrel.event.Severity;
import io.whimbrel.monitoring.alert.Alert;
import io.whimbrel.monitoring.alert.AlertKind;
import io.whimbrel.monitoring.run.TargetRepository;
import io.whimbrel.monitoring.run.TargetRepository.LastEnd;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;

/** Targets whose last run ended since they could not be reached, or would not let it in. */
@ApplicationScoped
class UnreachableTargets implements Condition {
  private final TargetRepository targets;

  UnreachableTargets(TargetRepository targets) {
    this.targets = targets;
  }

  @Override
  public AlertKind kind() {
    return AlertKind.TARGET_UNREACHABLE;
  }

  @Override
  public List<Alert> present(Instant now) {
    return targets.lastEnds().stream()
        .filter(LastEnd::unreachable)
        .map(end -> alert(end, now))
        .toList();
  }

  private static Alert alert(LastEnd end, Instant now) {
    return Alert.ofCondition(
        AlertKind.TARGET_UNREACHABLE,
        Severity.ERROR,
        end.target(),
        end.runId(),
        "The target " + end.target() + " cannot be reached",
        "Its last run ended at %s with SQLSTATE %s. Check its address, its password and whether it takes connections; the next run that completes resolves this."
            .formatted(end.at(), end.sqlState()),
        "target-unreachable:" + end.target(),
        now);
  }
}

package io.whimbrel.monitoring.alert;

import io.whimbrel.event.Event;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Looks at one event and says whether a person should know of it. A rule decides by the event
 * alone, so that the order of arrival does not matter.
 */
sealed interface AlertRule permits RunEndedBadly, ValidationFailed, PredictionOff, DriftFound {

  /** All of them. */
  static List<AlertRule> all(Thresholds thresholds) {
    return List.of(
        new RunEndedBadly(),
        new ValidationFailed(),
        new PredictionOff(thresholds),
        new DriftFound());
  }

  /**
   * Looks at an event.
   *
   * @param time when the event was published
   */
  Optional<Alert> examine(Event event, Instant time);
}

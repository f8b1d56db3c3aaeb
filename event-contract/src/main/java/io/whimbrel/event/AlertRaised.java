package io.whimbrel.event;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Something a person should know.
 *
 * @param kind the rule that raised it, e.g. {@code RUN_FAILED}
 * @param status what happened to the alert now
 * @param title one line
 * @param detail what is known and what to do next
 * @param deduplicationKey names the cause; one cause has one alert
 * @param at when the status was reached
 * @param by with {@code ACKNOWLEDGED}: who acknowledged it
 * @param note what they wrote
 * @param silenced true while a silence keeps people from being told
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AlertRaised(
    UUID alertId,
    Severity severity,
    String kind,
    Status status,
    @Nullable String target,
    @Nullable UUID runId,
    String title,
    String detail,
    String deduplicationKey,
    Instant at,
    @Nullable String by,
    @Nullable String note,
    @Nullable Boolean silenced)
    implements Event {

  /** The life of an alert. */
  public enum Status {
    RAISED,
    ACKNOWLEDGED,
    RESOLVED
  }

  @Override
  public EventType type() {
    return EventType.ALERT_RAISED;
  }
}

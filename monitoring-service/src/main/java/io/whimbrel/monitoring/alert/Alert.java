package io.whimbrel.monitoring.alert;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.whimbrel.event.AlertRaised;
import io.whimbrel.event.Severity;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Something a person should know. Its id follows from its cause, so that whoever sees the cause,
 * and however often, speaks of the same alert.
 *
 * @param title one line
 * @param detail what happened and what to do next
 * @param deduplicationKey names the cause
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Alert(
    UUID alertId,
    Severity severity,
    AlertKind kind,
    AlertRaised.Status status,
    @Nullable String target,
    @Nullable UUID runId,
    String title,
    String detail,
    String deduplicationKey,
    Instant raisedAt) {

  /** An alert about a run. */
  static Alert ofRun(
      AlertKind kind,
      Severity severity,
      String target,
      UUID runId,
      String title,
      String detail,
      String cause,
      Instant at) {
    return raised(kind, severity, target, runId, title, detail, cause, at);
  }

  /** An alert whose cause is no run. */
  public static Alert of(
      AlertKind kind, Severity severity, String title, String detail, String cause, Instant at) {
    return raised(kind, severity, null, null, title, detail, cause, at);
  }

  private static Alert raised(
      AlertKind kind,
      Severity severity,
      @Nullable String target,
      @Nullable UUID runId,
      String title,
      String detail,
      String cause,
      Instant at) {
    return new Alert(
        named("alert " + cause),
        severity,
        kind,
        AlertRaised.Status.RAISED,
        target,
        runId,
        title,
        detail,
        cause,
        at);
  }

  /** The id of the event that tells of the alert's status: the same however often it is told. */
  UUID eventId() {
    return named("alert " + alertId + " " + status);
  }

  AlertRaised event() {
    return new AlertRaised(
        alertId,
        severity,
        kind.name(),
        status,
        target,
        runId,
        title,
        detail,
        deduplicationKey,
        raisedAt);
  }

  private static UUID named(String name) {
    return UUID.nameUUIDFromBytes(name.getBytes(UTF_8));
  }
}

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
 * @param acknowledgedBy who said that they look after it, with a note
 * @param resolvedAt when its cause was found gone
 * @param silenced whether a silence keeps people from being told
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
    Instant raisedAt,
    @Nullable Instant acknowledgedAt,
    @Nullable String acknowledgedBy,
    @Nullable String note,
    @Nullable Instant resolvedAt,
    boolean silenced) {

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
        at,
        null,
        null,
        null,
        null,
        false);
  }

  /**
   * An alert of a condition, which can come and go; each time it comes it has another alert.
   *
   * @param at when it came
   */
  public static Alert ofCondition(
      AlertKind kind,
      Severity severity,
      @Nullable String target,
      @Nullable UUID runId,
      String title,
      String detail,
      String cause,
      Instant at) {
    Alert alert = raised(kind, severity, target, runId, title, detail, cause, at);
    return alert.withId(named("alert " + cause + " " + at));
  }

  private Alert withId(UUID id) {
    return new Alert(
        id,
        severity,
        kind,
        status,
        target,
        runId,
        title,
        detail,
        deduplicationKey,
        raisedAt,
        acknowledgedAt,
        acknowledgedBy,
        note,
        resolvedAt,
        silenced);
  }

  Alert silenced(boolean isSilenced) {
    return new Alert(
        alertId,
        severity,
        kind,
        status,
        target,
        runId,
        title,
        detail,
        deduplicationKey,
        raisedAt,
        acknowledgedAt,
        acknowledgedBy,
        note,
        resolvedAt,
        isSilenced);
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
        reachedAt(),
        status == AlertRaised.Status.ACKNOWLEDGED ? acknowledgedBy : null,
        status == AlertRaised.Status.ACKNOWLEDGED ? note : null,
        silenced ? true : null);
  }

  private Instant reachedAt() {
    Instant at =
        switch (status) {
          case RAISED -> raisedAt;
          case ACKNOWLEDGED -> acknowledgedAt;
          case RESOLVED -> resolvedAt;
        };
    return at == null ? raisedAt : at;
  }

  private static UUID named(String name) {
    return UUID.nameUUIDFromBytes(name.getBytes(UTF_8));
  }
}

package io.whimbrel.monitoring.audit;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.whimbrel.event.CommandAudited;
import io.whimbrel.event.MigrationProgress;
import io.whimbrel.event.MigrationRequested;
import io.whimbrel.event.RunOptions;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.StringJoiner;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A command, or what came of one.
 *
 * @param at when, to the millisecond
 * @param caller who asked: by REST the caller of the token, by Kafka who the record says it was
 * @param source how it came: {@code REST}, or {@code KAFKA}, and the source that the record names,
 *     if there was one
 * @param command what was asked for, e.g. {@code EXECUTE} or {@code ACKNOWLEDGE}
 * @param subject what it is about: a run, an alert
 * @param outcome what came of it, e.g. {@code REQUESTED}, {@code COMPLETED}, {@code DONE}
 * @param detail more, without values of rows and statements
 * @param cause what brought it; a cause has one entry
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AuditEntry(
    Instant at,
    String caller,
    String source,
    String command,
    @Nullable String subject,
    @Nullable String target,
    String outcome,
    @Nullable String detail,
    @Nullable String cause) {
  private static final int LONGEST = 500;

  public AuditEntry {
    // PostgreSQL would round what is finer than its microseconds, perhaps into the next one.
    at = at.truncatedTo(ChronoUnit.MILLIS);
    caller = plain(caller);
    source = plain(source);
    detail = detail == null ? null : plain(detail);
  }

  /** A command given to this service. */
  public static AuditEntry byRest(
      String caller,
      String command,
      @Nullable String subject,
      @Nullable String target,
      String outcome,
      @Nullable String detail) {
    return new AuditEntry(
        Instant.now(), caller, "REST", command, subject, target, outcome, detail, null);
  }

  /**
   * A request for a run.
   *
   * @param source who published it, as the record says
   */
  public static AuditEntry of(MigrationRequested request, String source, String eventId) {
    return new AuditEntry(
        Instant.now(),
        Objects.requireNonNullElse(request.requestedBy(), "unknown"),
        "KAFKA " + source,
        request.operation().name(),
        request.runId().toString(),
        request.target(),
        "REQUESTED",
        details(request),
        "requested " + eventId);
  }

  /**
   * A command that was given by REST.
   *
   * @param source who published it, as the record says
   */
  public static AuditEntry of(CommandAudited command, String source) {
    return new AuditEntry(
        command.at(),
        command.caller(),
        "REST " + source,
        command.command(),
        command.subject(),
        command.target(),
        command.outcome().name(),
        "HTTP " + command.status(),
        "command " + command.id());
  }

  private static String details(MigrationRequested request) {
    StringJoiner details = new StringJoiner(", ");
    add(details, "migration", request.migration());
    add(details, "upTo", request.upTo());
    add(details, "downTo", request.downTo());
    add(details, "rollbackOf", request.rollbackOf());
    add(details, "strategy", request.strategy());
    add(details, "planId", request.planId());
    var options = request.options();
    if (options != null) {
      add(details, "acceptDataLoss", options.acceptDataLoss() ? true : null);
      add(details, "validateBefore", options.validateBefore() ? null : false);
      add(details, "validateAfter", options.validateAfter() ? null : false);
      add(details, "createBackup", options.createBackup() ? null : false);
      add(details, "backupScope", usual(options.backupScope(), RunOptions.DEFAULTS.backupScope()));
      add(details, "backupCheck", usual(options.backupCheck(), RunOptions.DEFAULTS.backupCheck()));
      add(details, "repair", options.repair().isEmpty() ? null : options.repair());
      add(details, "ignore", options.ignore().isEmpty() ? null : options.ignore());
      add(details, "acceptRisks", options.acceptRisks().isEmpty() ? null : options.acceptRisks());
    }
    add(details, "reason", request.reason());
    return details.toString();
  }

  /** Nothing where it is what it usually is. */
  private static <T> @Nullable T usual(T value, T usual) {
    return value.equals(usual) ? null : value;
  }

  private static void add(StringJoiner details, String name, @Nullable Object value) {
    if (value != null) {
      details.add(name + "=" + value);
    }
  }

  /** A run ended. */
  public static AuditEntry ended(MigrationProgress end, String source) {
    UUID run = end.runId();
    return new AuditEntry(
        Instant.now(),
        "migration-executor",
        "KAFKA " + source,
        end.operation().name(),
        run.toString(),
        end.target(),
        end.state().name(),
        end.error() == null || end.error().sqlState() == null
            ? null
            : "SQLSTATE " + end.error().sqlState(),
        "ended " + run);
  }

  /** A request that could not be read. */
  public static AuditEntry unreadable(String place, String reason) {
    return new AuditEntry(
        Instant.now(), "unknown", "KAFKA", "UNREADABLE", null, null, "REFUSED", reason, place);
  }

  private static String plain(String text) {
    String line = text.replaceAll("[\\p{Cntrl}\\p{Cs}]+", " ").strip();
    return line.length() > LONGEST ? line.substring(0, LONGEST) + "..." : line;
  }
}

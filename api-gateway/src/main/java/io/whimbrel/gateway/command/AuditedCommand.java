package io.whimbrel.gateway.command;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A call of the API as the audit trail names it.
 *
 * @param subject what it is about, as the path names it
 * @param run the run that it is about, if it is about one
 * @param enteredElsewhere whether whoever does it enters it into the trail, if it is done
 */
record AuditedCommand(
    String name, @Nullable String subject, @Nullable UUID run, boolean enteredElsewhere) {

  private static final String ID = "([0-9a-fA-F-]{36})";

  private record Kind(String method, Pattern path, String name, boolean enteredElsewhere) {
    Kind(String method, String path, String name, boolean enteredElsewhere) {
      this(method, Pattern.compile(path.replace("{id}", ID)), name, enteredElsewhere);
    }
  }

  /** All that changes something, or makes a service work. */
  private static final List<Kind> KINDS =
      List.of(
          new Kind("POST", "/execute", "EXECUTE", true),
          new Kind("POST", "/validate", "VALIDATE", true),
          new Kind("POST", "/rollback", "ROLLBACK", true),
          new Kind("POST", "/plan", "PLAN", true),
          new Kind("POST", "/runs/{id}/cancel", "CANCEL", false),
          new Kind("POST", "/runs/{id}/pause", "PAUSE", false),
          new Kind("POST", "/runs/{id}/resume", "RESUME", false),
          new Kind("POST", "/backups/{id}/verify", "VERIFY_BACKUP", false),
          new Kind("POST", "/validation/specific", "VALIDATE_SPECIFIC", false),
          new Kind("POST", "/validation/reports/{id}/cancel", "CANCEL_VALIDATION", false),
          new Kind("PUT", "/alerts/{id}/acknowledge", "ACKNOWLEDGE", true),
          new Kind("POST", "/alerts/silences", "SILENCE", true),
          new Kind("DELETE", "/alerts/silences/{id}", "END_SILENCE", true),
          new Kind("POST", "/audit/verify", "VERIFY_AUDIT", true),
          new Kind("DELETE", "/cleanup", "CLEANUP", true),
          new Kind("POST", "/rebuild", "REBUILD", true));

  /**
   * The command of a call; empty if it is none.
   *
   * @param path within the API
   */
  static Optional<AuditedCommand> of(String method, String path) {
    return KINDS.stream()
        .filter(kind -> kind.method().equals(method))
        .flatMap(kind -> of(kind, kind.path().matcher(path)))
        .findFirst();
  }

  private static Stream<AuditedCommand> of(Kind kind, Matcher path) {
    if (!path.matches()) {
      return Stream.empty();
    }
    String subject = path.groupCount() == 0 ? null : path.group(1);
    UUID run = subject != null && kind.path().pattern().startsWith("/runs/") ? uuid(subject) : null;
    return Stream.of(new AuditedCommand(kind.name(), subject, run, kind.enteredElsewhere()));
  }

  private static @Nullable UUID uuid(String text) {
    try {
      return UUID.fromString(text);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}

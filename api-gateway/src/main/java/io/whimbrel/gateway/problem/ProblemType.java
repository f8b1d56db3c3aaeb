package io.whimbrel.gateway.problem;

import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The kinds of problems that the gateway itself tells of. Each has a section of {@code
 * docs/problems.md}, which the gateway serves and its URI names.
 */
public enum ProblemType {
  BAD_REQUEST(400, "Bad Request"),
  UNAUTHORIZED(401, "Unauthorized"),
  FORBIDDEN(403, "Forbidden"),
  NOT_FOUND(404, "Not Found"),
  METHOD_NOT_ALLOWED(405, "Method Not Allowed"),
  NOT_ACCEPTABLE(406, "Not Acceptable"),
  COMMAND_IN_PROGRESS(409, "Command In Progress"),
  BODY_TOO_LARGE(413, "Content Too Large"),
  UNSUPPORTED_MEDIA_TYPE(415, "Unsupported Media Type"),
  KEY_REUSED(422, "Idempotency Key Reused"),
  TOO_MANY_COMMANDS(429, "Too Many Commands"),
  INTERNAL_ERROR(500, "Internal Server Error"),
  UNAVAILABLE(503, "Service Unavailable");

  private static final String PAGE = "/problems.md#";

  private final int status;
  private final String title;

  ProblemType(int status, String title) {
    this.status = status;
    this.title = title;
  }

  /** What to call a problem of this status that says nothing more. */
  static Optional<ProblemType> ofStatus(int status) {
    return Stream.of(values())
        .filter(type -> type.status == status && type != COMMAND_IN_PROGRESS && type != KEY_REUSED)
        .findFirst();
  }

  public int status() {
    return status;
  }

  /** The same for every problem of the kind. */
  public String title() {
    return title;
  }

  /** The name of its section. */
  public String section() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  public URI uri() {
    return URI.create(PAGE + section());
  }
}

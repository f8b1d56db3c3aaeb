package io.whimbrel.gateway.problem;

import io.quarkiverse.resteasy.problem.HttpProblem;
import jakarta.ws.rs.core.HttpHeaders;

/** Problem documents (RFC 9457). They name fields and services and never repeat what was sent. */
public final class Problems {
  /** Seconds after which a caller may try again what was unavailable. */
  static final int RETRY_AFTER = 5;

  private Problems() {}

  public static HttpProblem badRequest(String detail) {
    return problem(ProblemType.BAD_REQUEST, detail).build();
  }

  /** A 400 about one field of the body, one header or one parameter. */
  public static HttpProblem badRequest(String field, String detail) {
    return problem(ProblemType.BAD_REQUEST, detail).with("field", field).build();
  }

  public static HttpProblem unauthorized(String detail, String challenge) {
    return problem(ProblemType.UNAUTHORIZED, detail)
        .withHeader(HttpHeaders.WWW_AUTHENTICATE, challenge)
        .build();
  }

  public static HttpProblem forbidden(String detail) {
    return problem(ProblemType.FORBIDDEN, detail).build();
  }

  public static HttpProblem notFound(String detail) {
    return problem(ProblemType.NOT_FOUND, detail).build();
  }

  /** A 409 with Retry-After: the same is being done already. */
  public static HttpProblem inProgress(String detail) {
    return problem(ProblemType.COMMAND_IN_PROGRESS, detail)
        .withHeader(HttpHeaders.RETRY_AFTER, 1)
        .build();
  }

  /** A 422: a name that stands for something else. */
  public static HttpProblem keyReused(String detail) {
    return problem(ProblemType.KEY_REUSED, detail).with("field", "Idempotency-Key").build();
  }

  /**
   * A 429 with Retry-After.
   *
   * @param retryAfter seconds
   */
  public static HttpProblem tooMany(String detail, long retryAfter) {
    return problem(ProblemType.TOO_MANY_COMMANDS, detail)
        .withHeader(HttpHeaders.RETRY_AFTER, retryAfter)
        .build();
  }

  public static HttpProblem tooLarge(String detail) {
    return problem(ProblemType.BODY_TOO_LARGE, detail).withHeader("Connection", "close").build();
  }

  public static HttpProblem unsupported(String detail) {
    return problem(ProblemType.UNSUPPORTED_MEDIA_TYPE, detail).build();
  }

  /**
   * A 503 with Retry-After.
   *
   * @param service what is away: a service or Kafka
   */
  public static HttpProblem unavailable(String service, String detail) {
    return unavailable(service, detail, RETRY_AFTER);
  }

  /** As {@link #unavailable(String, String)}, where it is known when to try again, in seconds. */
  public static HttpProblem unavailable(String service, String detail, long retryAfter) {
    return problem(ProblemType.UNAVAILABLE, detail)
        .with("service", service)
        .withHeader(HttpHeaders.RETRY_AFTER, retryAfter)
        .build();
  }

  private static HttpProblem.Builder problem(ProblemType type, String detail) {
    return HttpProblem.builder()
        .withType(type.uri())
        .withStatus(type.status())
        .withTitle(type.title())
        .withDetail(detail);
  }
}

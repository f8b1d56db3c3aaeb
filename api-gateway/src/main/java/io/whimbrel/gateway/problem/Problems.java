package io.whimbrel.gateway.problem;

import io.quarkiverse.resteasy.problem.HttpProblem;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response.Status;

/** Problem documents (RFC 9457). They name fields and services and never repeat what was sent. */
public final class Problems {
  /** Seconds after which a caller may try again what was unavailable. */
  static final int RETRY_AFTER = 5;

  private Problems() {}

  public static HttpProblem badRequest(String detail) {
    return problem(Status.BAD_REQUEST, detail).build();
  }

  /** A 400 about one field of the body, one header or one parameter. */
  public static HttpProblem badRequest(String field, String detail) {
    return problem(Status.BAD_REQUEST, detail).with("field", field).build();
  }

  public static HttpProblem unauthorized(String detail, String challenge) {
    return problem(Status.UNAUTHORIZED, detail)
        .withHeader(HttpHeaders.WWW_AUTHENTICATE, challenge)
        .build();
  }

  public static HttpProblem forbidden(String detail) {
    return problem(Status.FORBIDDEN, detail).build();
  }

  public static HttpProblem notFound(String detail) {
    return problem(Status.NOT_FOUND, detail).build();
  }

  public static HttpProblem tooLarge(String detail) {
    return problem(Status.REQUEST_ENTITY_TOO_LARGE, detail)
        .withHeader("Connection", "close")
        .build();
  }

  public static HttpProblem unsupported(String detail) {
    return problem(Status.UNSUPPORTED_MEDIA_TYPE, detail).build();
  }

  /**
   * A 503 with Retry-After.
   *
   * @param service what is away: a service or Kafka
   */
  public static HttpProblem unavailable(String service, String detail) {
    return problem(Status.SERVICE_UNAVAILABLE, detail)
        .with("service", service)
        .withHeader(HttpHeaders.RETRY_AFTER, RETRY_AFTER)
        .build();
  }

  private static HttpProblem.Builder problem(Status status, String detail) {
    return HttpProblem.builder()
        .withStatus(status)
        .withTitle(status.getReasonPhrase())
        .withDetail(detail);
  }
}

package io.whimbrel.monitoring.api;

import io.quarkiverse.resteasy.problem.HttpProblem;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.UnauthorizedException;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/**
 * Answers 401. The mappers of quarkus-resteasy-problem 3.21.0 read a field that Quarkus 3.34 does
 * not have any more, which would make this a 500.
 */
class NotAuthenticated {

  @ServerExceptionMapper(priority = Priorities.AUTHENTICATION)
  Response missing(UnauthorizedException e) {
    return problem("A bearer token is needed.");
  }

  @ServerExceptionMapper(priority = Priorities.AUTHENTICATION)
  Response refused(AuthenticationFailedException e) {
    return problem("The bearer token is not accepted.");
  }

  private static Response problem(String detail) {
    return HttpProblem.builder()
        .withStatus(Status.UNAUTHORIZED)
        .withTitle(Status.UNAUTHORIZED.getReasonPhrase())
        .withDetail(detail)
        .withHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer")
        .build()
        .toResponse();
  }
}

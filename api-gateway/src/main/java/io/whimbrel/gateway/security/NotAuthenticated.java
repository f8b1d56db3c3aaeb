package io.whimbrel.gateway.security;

import io.quarkiverse.resteasy.problem.HttpProblem;
import io.quarkus.oidc.OIDCException;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.UnauthorizedException;
import io.whimbrel.gateway.problem.Problems;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.lang.annotation.Annotation;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;

/**
 * Answers 401, or 503 if the identity provider cannot be asked. The mappers of
 * quarkus-resteasy-problem 3.21.0 read a field that Quarkus 3.34 does not have any more, which
 * would make this a 500.
 */
class NotAuthenticated {
  private static final Logger LOG = Logger.getLogger(NotAuthenticated.class);
  private static final Set<Integer> OF_ROUTING = Set.of(404, 405, 406, 415);

  @ServerExceptionMapper(priority = Priorities.AUTHENTICATION)
  Response missing(UnauthorizedException e) {
    return Problems.unauthorized("A bearer token is needed.", "Bearer").toResponse();
  }

  /** Whoever cannot be asked about a token has not refused it. */
  @ServerExceptionMapper(priority = Priorities.AUTHENTICATION)
  Response refused(AuthenticationFailedException e) {
    if (providerIsAway(e)) {
      return undecided(e);
    }
    return Problems.unauthorized(
            "The bearer token is not accepted.", "Bearer error=\"invalid_token\"")
        .toResponse();
  }

  @ServerExceptionMapper(priority = Priorities.AUTHENTICATION)
  Response undecided(OIDCException e) {
    return undecided((Throwable) e);
  }

  private static Response undecided(Throwable e) {
    LOG.warnf("The identity provider does not answer: %s", e);
    return Problems.unavailable(
            "identity-provider", "The identity provider does not answer, so nobody can be let in.")
        .toResponse();
  }

  private static boolean providerIsAway(Throwable failure) {
    return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
        .limit(20)
        .anyMatch(
            cause ->
                cause instanceof OIDCException
                    || cause instanceof IOException
                    || cause instanceof TimeoutException);
  }

  /**
   * Routing knows before any role is checked that a path, a method or a content type is not served.
   * An anonymous caller is told 401 instead, as everywhere else.
   */
  @ServerResponseFilter
  void hide(ContainerRequestContext request, ContainerResponseContext response) {
    if (OF_ROUTING.contains(response.getStatus())
        && request.getSecurityContext().getUserPrincipal() == null) {
      Response missing = missing(new UnauthorizedException());
      response.setStatus(missing.getStatus());
      response.getHeaders().remove(HttpHeaders.ALLOW);
      response.getHeaders().putAll(missing.getHeaders());
      response.setEntity(missing.getEntity(), new Annotation[0], HttpProblem.MEDIA_TYPE);
    }
  }
}

package io.whimbrel.gateway.security;

import io.quarkiverse.resteasy.problem.HttpProblem;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.UnauthorizedException;
import io.whimbrel.gateway.problem.Problems;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.lang.annotation.Annotation;
import java.util.Set;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;

/**
 * Answers 401. The mappers of quarkus-resteasy-problem 3.21.0 read a field that Quarkus 3.34 does
 * not have any more, which would make this a 500.
 */
class NotAuthenticated {
  private static final Set<Integer> OF_ROUTING = Set.of(404, 405, 406, 415);

  @ServerExceptionMapper(priority = Priorities.AUTHENTICATION)
  Response missing(UnauthorizedException e) {
    return Problems.unauthorized("A bearer token is needed.", "Bearer").toResponse();
  }

  @ServerExceptionMapper(priority = Priorities.AUTHENTICATION)
  Response refused(AuthenticationFailedException e) {
    return Problems.unauthorized(
            "The bearer token is not accepted.", "Bearer error=\"invalid_token\"")
        .toResponse();
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

package io.whimbrel.gateway.rate;

import io.whimbrel.gateway.problem.Problems;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.ext.Provider;
import org.eclipse.microprofile.jwt.JsonWebToken;

/** Refuses a caller's commands beyond their rate, before anything of them is read. */
@Provider
@RateLimited
public class RateFilter implements ContainerRequestFilter {
  private final RateLimits limits;

  RateFilter(RateLimits limits) {
    this.limits = limits;
  }

  @Override
  public void filter(ContainerRequestContext request) {
    // Those without a token are told so by what comes next.
    if (request.getSecurityContext().getUserPrincipal() instanceof JsonWebToken caller) {
      long seconds = limits.take(caller.getSubject());
      if (seconds > 0) {
        throw Problems.tooMany("These are more commands than a caller may send.", seconds);
      }
    }
  }
}

package io.whimbrel.monitoring.api;

import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.common.annotation.Blocking;
import io.whimbrel.monitoring.health.Health;
import io.whimbrel.monitoring.health.HealthChecks;
import io.whimbrel.monitoring.health.HealthStatus;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** How well migrations are: a word for everybody, the reasons for admins. */
@Path("/api/v1/migrations/health")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Monitoring")
@Blocking
public class HealthResource {
  private final HealthChecks health;
  private final SecurityIdentity caller;

  HealthResource(HealthChecks health, SecurityIdentity caller) {
    this.health = health;
    this.caller = caller;
  }

  /** What callers without the role admin see. */
  public record Word(HealthStatus status) {}

  @GET
  @PermitAll
  @Operation(
      summary = "How well migrations are",
      description = "Admins see the checks with their reasons; others the status alone.")
  public Response health() {
    Health latest = health.latest();
    return Response.ok(caller.hasRole("admin") ? latest : new Word(latest.status())).build();
  }
}

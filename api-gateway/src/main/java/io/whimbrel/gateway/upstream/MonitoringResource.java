package io.whimbrel.gateway.upstream;

import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;

/** What the monitoring service serves: health, metrics and alerts. */
@Path("/api/v1/migrations")
@RolesAllowed("admin")
public class MonitoringResource {
  private final Upstream upstream;

  MonitoringResource(Upstream upstream) {
    this.upstream = upstream;
  }

  /** Open to everyone: the monitoring service tells an anonymous caller one word only. */
  @GET
  @Path("/health")
  @PermitAll
  public Uni<Response> health(@Context UriInfo uri, @Context HttpHeaders headers) {
    return pass("/health", uri, headers);
  }

  @GET
  @Path("/metrics")
  public Uni<Response> metrics(@Context UriInfo uri, @Context HttpHeaders headers) {
    return pass("/metrics", uri, headers, "from", "to", "target");
  }

  @GET
  @Path("/alerts")
  public Uni<Response> alerts(@Context UriInfo uri, @Context HttpHeaders headers) {
    return pass("/alerts", uri, headers, "status", "severity", "target", "limit");
  }

  private Uni<Response> pass(String path, UriInfo uri, HttpHeaders headers, String... parameters) {
    Call call = Call.get(Service.MONITORING, path).query(Query.of(uri, parameters));
    return upstream.ask(call.of(headers)).map(Answer::response);
  }
}

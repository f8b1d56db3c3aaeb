package io.whimbrel.gateway.upstream;

import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.UUID;

/** What the validation service serves: rules and reports. */
@Path("/api/v1/migrations")
@RolesAllowed("admin")
public class ValidationResource {
  private final Upstream upstream;

  ValidationResource(Upstream upstream) {
    this.upstream = upstream;
  }

  @GET
  @Path("/validation/rules")
  public Uni<Response> rules(@Context UriInfo uri, @Context HttpHeaders headers) {
    return pass("/validation/rules", uri, headers, "category");
  }

  @GET
  @Path("/validation/reports/{id}")
  public Uni<Response> report(
      @PathParam("id") UUID id, @Context UriInfo uri, @Context HttpHeaders headers) {
    return pass("/validation/reports/" + id, uri, headers);
  }

  private Uni<Response> pass(String path, UriInfo uri, HttpHeaders headers, String... parameters) {
    Call call = Call.get(Service.VALIDATION, path).query(Query.of(uri, parameters));
    return upstream.ask(call.of(headers)).map(Answer::response);
  }
}

package io.whimbrel.gateway.upstream;

import io.smallrye.mutiny.Uni;
import io.whimbrel.gateway.body.JsonObject;
import io.whimbrel.gateway.rate.RateLimited;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.Set;
import java.util.UUID;

/** What the validation service serves: rules, reports, and validations that no run asks for. */
@Path("/api/v1/migrations")
@RolesAllowed("admin")
public class ValidationResource {
  static final Set<String> ORDER =
      Set.of("target", "scope", "tables", "rules", "categories", "mode", "strict", "since");

  private final Upstream upstream;

  ValidationResource(Upstream upstream) {
    this.upstream = upstream;
  }

  @GET
  @Path("/validation/rules")
  public Uni<Response> rules(@Context UriInfo uri, @Context HttpHeaders headers) {
    Call call = Call.get(Service.VALIDATION, "/validation/rules").query(Query.of(uri, "category"));
    return upstream
        .ask(call.of(headers))
        .map(
            answer ->
                Tagged.of(answer, headers.getRequestHeader(HttpHeaders.IF_NONE_MATCH)).response());
  }

  @GET
  @Path("/validation/reports/{id}")
  public Uni<Response> report(
      @PathParam("id") UUID id, @Context UriInfo uri, @Context HttpHeaders headers) {
    return pass("/validation/reports/" + id, uri, headers, "format");
  }

  @GET
  @Path("/validation/reports/{id}/diff")
  public Uni<Response> difference(
      @PathParam("id") UUID id, @Context UriInfo uri, @Context HttpHeaders headers) {
    return pass("/validation/reports/" + id + "/diff", uri, headers, "with");
  }

  @POST
  @Path("/validation/reports/{id}/cancel")
  public Uni<Response> cancel(
      @PathParam("id") UUID id, @Context UriInfo uri, @Context HttpHeaders headers) {
    Call call =
        Call.post(Service.VALIDATION, "/validation/reports/" + id + "/cancel").query(Query.of(uri));
    return upstream.ask(call.of(headers)).map(Answer::response);
  }

  @POST
  @Path("/validation/specific")
  @Consumes(MediaType.APPLICATION_JSON)
  @RateLimited
  public Uni<Response> specific(
      JsonObject body, @Context UriInfo uri, @Context HttpHeaders headers) {
    Call call = Call.post(Service.VALIDATION, "/validation/specific").query(Query.of(uri));
    return upstream.ask(call.json(body.of(ORDER)).of(headers)).map(Answer::response);
  }

  private Uni<Response> pass(String path, UriInfo uri, HttpHeaders headers, String... parameters) {
    Call call = Call.get(Service.VALIDATION, path).query(Query.of(uri, parameters));
    return upstream.ask(call.of(headers)).map(Answer::response);
  }
}

package io.whimbrel.gateway.upstream;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpMethod;
import io.vertx.mutiny.core.buffer.Buffer;
import io.whimbrel.gateway.body.JsonObject;
import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.Set;
import java.util.UUID;

/**
 * What the monitoring service serves: health, metrics, performance, alerts, reports, exports and
 * the audit trail.
 */
@Path("/api/v1/migrations")
@RolesAllowed("admin")
public class MonitoringResource {
  static final Set<String> ACKNOWLEDGEMENT = Set.of("note");
  static final Set<String> SILENCE = Set.of("kind", "target", "until", "note");

  private final Upstream upstream;
  private final UpstreamStream streams;

  MonitoringResource(Upstream upstream, UpstreamStream streams) {
    this.upstream = upstream;
    this.streams = streams;
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
  @Path("/performance")
  public Uni<Response> performance(@Context UriInfo uri, @Context HttpHeaders headers) {
    return pass("/performance", uri, headers, "runId", "from", "to", "target", "limit");
  }

  @GET
  @Path("/report")
  public Uni<Response> report(@Context UriInfo uri, @Context HttpHeaders headers) {
    return pass("/report", uri, headers, "from", "to", "target", "format");
  }

  /** Of any size, and never held here. */
  @GET
  @Path("/export")
  public Multi<Buffer> export(@Context UriInfo uri, @Context HttpHeaders headers) {
    Call call =
        Call.get(Service.MONITORING, "/export")
            .query(Query.of(uri, "what", "format", "from", "to", "target"));
    return streams.ask(call.of(headers));
  }

  @GET
  @Path("/alerts")
  public Uni<Response> alerts(@Context UriInfo uri, @Context HttpHeaders headers) {
    return pass("/alerts", uri, headers, "status", "severity", "target", "limit", "cursor");
  }

  @PUT
  @Path("/alerts/{id}/acknowledge")
  @Consumes(MediaType.APPLICATION_JSON)
  public Uni<Response> acknowledge(
      @PathParam("id") UUID id,
      JsonObject body,
      @Context UriInfo uri,
      @Context HttpHeaders headers) {
    Call call = Call.of(HttpMethod.PUT, Service.MONITORING, "/alerts/" + id + "/acknowledge");
    return send(call.json(body.of(ACKNOWLEDGEMENT)), uri, headers);
  }

  @GET
  @Path("/alerts/silences")
  public Uni<Response> silences(@Context UriInfo uri, @Context HttpHeaders headers) {
    return pass("/alerts/silences", uri, headers);
  }

  @POST
  @Path("/alerts/silences")
  @Consumes(MediaType.APPLICATION_JSON)
  public Uni<Response> silence(
      JsonObject body, @Context UriInfo uri, @Context HttpHeaders headers) {
    return send(
        Call.post(Service.MONITORING, "/alerts/silences").json(body.of(SILENCE)), uri, headers);
  }

  @DELETE
  @Path("/alerts/silences/{id}")
  public Uni<Response> endSilence(
      @PathParam("id") UUID id, @Context UriInfo uri, @Context HttpHeaders headers) {
    return send(
        Call.of(HttpMethod.DELETE, Service.MONITORING, "/alerts/silences/" + id), uri, headers);
  }

  @GET
  @Path("/audit")
  public Uni<Response> audit(@Context UriInfo uri, @Context HttpHeaders headers) {
    return pass("/audit", uri, headers, "caller", "subject", "target", "before", "limit");
  }

  @POST
  @Path("/audit/verify")
  public Uni<Response> verify(@Context UriInfo uri, @Context HttpHeaders headers) {
    return send(Call.post(Service.MONITORING, "/audit/verify"), uri, headers, "position", "hash");
  }

  @DELETE
  @Path("/cleanup")
  @RolesAllowed("super-admin")
  public Uni<Response> cleanup(@Context UriInfo uri, @Context HttpHeaders headers) {
    return send(
        Call.of(HttpMethod.DELETE, Service.MONITORING, "/cleanup"),
        uri,
        headers,
        "olderThan",
        "dryRun");
  }

  @POST
  @Path("/rebuild")
  @RolesAllowed("super-admin")
  public Uni<Response> rebuild(@Context UriInfo uri, @Context HttpHeaders headers) {
    return send(Call.post(Service.MONITORING, "/rebuild"), uri, headers);
  }

  private Uni<Response> pass(String path, UriInfo uri, HttpHeaders headers, String... parameters) {
    return send(Call.get(Service.MONITORING, path), uri, headers, parameters);
  }

  private Uni<Response> send(Call call, UriInfo uri, HttpHeaders headers, String... parameters) {
    return upstream.ask(call.query(Query.of(uri, parameters)).of(headers)).map(Answer::response);
  }
}

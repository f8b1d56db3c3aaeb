package io.whimbrel.gateway.upstream;

import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.UUID;

/** What the executor serves: runs, plans, targets and their catalogues, backups. */
@Path("/api/v1/migrations")
@RolesAllowed("admin")
public class ExecutorResource {
  private final Upstream upstream;

  ExecutorResource(Upstream upstream) {
    this.upstream = upstream;
  }

  @GET
  @Path("/status")
  public Uni<Response> status(@Context UriInfo uri, @Context HttpHeaders headers) {
    return pass(get("/status", uri), headers);
  }

  @GET
  @Path("/runs")
  public Uni<Response> runs(@Context UriInfo uri, @Context HttpHeaders headers) {
    return pass(get("/runs", uri, "target", "state", "limit", "cursor"), headers);
  }

  @GET
  @Path("/runs/{id}")
  public Uni<Response> run(
      @PathParam("id") UUID id, @Context UriInfo uri, @Context HttpHeaders headers) {
    return pass(get("/runs/" + id, uri), headers);
  }

  @POST
  @Path("/runs/{id}/cancel")
  public Uni<Response> cancel(
      @PathParam("id") UUID id, @Context UriInfo uri, @Context HttpHeaders headers) {
    return pass(wish(id, "cancel", uri), headers);
  }

  @POST
  @Path("/runs/{id}/pause")
  public Uni<Response> pause(
      @PathParam("id") UUID id, @Context UriInfo uri, @Context HttpHeaders headers) {
    return pass(wish(id, "pause", uri), headers);
  }

  @POST
  @Path("/runs/{id}/resume")
  public Uni<Response> resume(
      @PathParam("id") UUID id, @Context UriInfo uri, @Context HttpHeaders headers) {
    return pass(wish(id, "resume", uri), headers);
  }

  @GET
  @Path("/plans/{id}")
  public Uni<Response> storedPlan(
      @PathParam("id") UUID id, @Context UriInfo uri, @Context HttpHeaders headers) {
    return pass(get("/plans/" + id, uri), headers);
  }

  @GET
  @Path("/catalog")
  public Uni<Response> catalog(@Context UriInfo uri, @Context HttpHeaders headers) {
    return upstream
        .ask(get("/catalog", uri, "target").of(headers))
        .map(
            answer ->
                Tagged.of(answer, headers.getRequestHeader(HttpHeaders.IF_NONE_MATCH)).response());
  }

  @GET
  @Path("/targets")
  public Uni<Response> targets(@Context UriInfo uri, @Context HttpHeaders headers) {
    return pass(get("/targets", uri), headers);
  }

  @GET
  @Path("/backups")
  public Uni<Response> backups(@Context UriInfo uri, @Context HttpHeaders headers) {
    return pass(get("/backups", uri, "target", "limit", "cursor"), headers);
  }

  @GET
  @Path("/backups/{id}")
  public Uni<Response> backup(
      @PathParam("id") UUID id, @Context UriInfo uri, @Context HttpHeaders headers) {
    return pass(get("/backups/" + id, uri), headers);
  }

  @POST
  @Path("/backups/{id}/verify")
  public Uni<Response> verifyBackup(
      @PathParam("id") UUID id, @Context UriInfo uri, @Context HttpHeaders headers) {
    return pass(
        Call.post(Service.EXECUTOR, "/backups/" + id + "/verify").query(Query.of(uri, "check")),
        headers);
  }

  @GET
  @Path("/rollbacks/statistics")
  public Uni<Response> rollbackStatistics(@Context UriInfo uri, @Context HttpHeaders headers) {
    return pass(get("/rollbacks/statistics", uri, "target"), headers);
  }

  private static Call wish(UUID id, String what, UriInfo uri) {
    return Call.post(Service.EXECUTOR, "/runs/" + id + "/" + what).query(Query.of(uri));
  }

  private static Call get(String path, UriInfo uri, String... parameters) {
    return Call.get(Service.EXECUTOR, path).query(Query.of(uri, parameters));
  }

  private Uni<Response> pass(Call call, HttpHeaders headers) {
    return upstream.ask(call.of(headers)).map(Answer::response);
  }
}

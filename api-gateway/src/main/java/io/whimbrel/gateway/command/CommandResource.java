package io.whimbrel.gateway.command;

import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Uni;
import io.whimbrel.event.Operation;
import io.whimbrel.gateway.rate.RateLimited;
import io.whimbrel.gateway.upstream.Query;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;

/** The commands: wishes for a run, handed to Kafka. */
@Path("/api/v1/migrations")
@RolesAllowed("admin")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
@Blocking
@RateLimited
public class CommandResource {
  private final Commands commands;

  CommandResource(Commands commands) {
    this.commands = commands;
  }

  @POST
  @Path("/execute")
  public Uni<Response> execute(
      MigrateCommand command, @Context UriInfo uri, @Context HttpHeaders headers) {
    Query.of(uri);
    return commands.accept(Operation.EXECUTE, command, headers);
  }

  @POST
  @Path("/validate")
  public Uni<Response> validate(
      MigrateCommand command, @Context UriInfo uri, @Context HttpHeaders headers) {
    Query.of(uri);
    return commands.accept(Operation.VALIDATE, command, headers);
  }

  @POST
  @Path("/rollback")
  public Uni<Response> rollback(
      RollbackCommand command, @Context UriInfo uri, @Context HttpHeaders headers) {
    Query.of(uri);
    return commands.accept(Operation.ROLLBACK, command, headers);
  }
}

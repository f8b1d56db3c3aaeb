package io.whimbrel.gateway.command;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Uni;
import io.whimbrel.event.RunOptions;
import io.whimbrel.gateway.problem.Problems;
import io.whimbrel.gateway.rate.RateLimited;
import io.whimbrel.gateway.upstream.Answer;
import io.whimbrel.gateway.upstream.Query;
import io.whimbrel.gateway.upstream.Upstream;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import org.jspecify.annotations.Nullable;

/** Asks the executor for a plan: the body of a command, and no run. */
@Path("/api/v1/migrations")
@RolesAllowed("admin")
@Consumes(MediaType.APPLICATION_JSON)
@Blocking
@RateLimited
public class PlanResource {
  private final Upstream upstream;
  private final Caller caller;
  private final ObjectMapper json;

  PlanResource(Upstream upstream, Caller caller, ObjectMapper json) {
    this.upstream = upstream;
    this.caller = caller;
    this.json = json;
  }

  /** What the executor is asked with. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Wanted(
      String target, @Nullable String migration, @Nullable String upTo, RunOptions options) {}

  @POST
  @Path("/plan")
  public Uni<Response> plan(
      MigrateCommand command, @Context UriInfo uri, @Context HttpHeaders headers) {
    Query.of(uri);
    caller.mayAskFor(command);
    if (command.planId() != null) {
      throw Problems.badRequest("planId", "A plan is made anew; leave planId out.");
    }
    return upstream.plan(body(command), headers).map(Answer::response);
  }

  private String body(MigrateCommand command) {
    try {
      return json.writeValueAsString(
          new Wanted(command.target(), command.migration(), command.upTo(), command.options()));
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException("Commands are plain records", impossible);
    }
  }
}

package io.whimbrel.executor.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.quarkiverse.resteasy.problem.HttpProblem;
import io.whimbrel.event.RunStateName;
import io.whimbrel.executor.run.Cancellation;
import io.whimbrel.executor.run.Pausing;
import io.whimbrel.executor.run.RunMigrations;
import io.whimbrel.executor.run.RunQueries;
import io.whimbrel.executor.run.RunQueries.Line;
import io.whimbrel.executor.run.RunRepository;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import jakarta.ws.rs.core.SecurityContext;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The runs: lists, one run, what was said of it, and what users want of it. */
@Path("/api/v1/migrations/runs")
@RolesAllowed("admin")
@Produces(MediaType.APPLICATION_JSON)
public class RunResource {
  private static final int MOST = 200;

  private final RunQueries queries;
  private final RunRepository runs;
  private final RunMigrations migrations;
  private final Cancellation cancellation;
  private final Pausing pausing;

  RunResource(
      RunQueries queries,
      RunRepository runs,
      RunMigrations migrations,
      Cancellation cancellation,
      Pausing pausing) {
    this.queries = queries;
    this.runs = runs;
    this.migrations = migrations;
    this.cancellation = cancellation;
    this.pausing = pausing;
  }

  /**
   * A page of runs, the newest first.
   *
   * @param nextCursor what to ask with for the next page; absent on the last one
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Page(List<Line> runs, @Nullable String nextCursor) {}

  @GET
  public Page list(
      @QueryParam("target") @Nullable String target,
      @QueryParam("state") @Nullable String state,
      @QueryParam("limit") @DefaultValue("50") int limit,
      @QueryParam("cursor") @Nullable String cursor) {
    if (limit < 1 || limit > MOST) {
      throw problem(Status.BAD_REQUEST, "limit must be between 1 and " + MOST);
    }
    List<Line> lines = queries.list(target, state(state), position(cursor), limit);
    String next =
        lines.size() < limit ? null : Long.toString(lines.get(lines.size() - 1).position());
    return new Page(lines, next);
  }

  @GET
  @Path("/{id}")
  public RunView one(@PathParam("id") UUID id) {
    return runs.find(id)
        .map(
            run ->
                RunView.of(
                    run,
                    migrations.of(id),
                    queries.steps(id),
                    queries.differences(id).orElse(null)))
        .orElseThrow(() -> unknown(id));
  }

  /** What was published of the run behind the given sequence number: a JSON array of events. */
  @GET
  @Path("/{id}/events")
  public String events(
      @PathParam("id") UUID id, @QueryParam("after") @DefaultValue("0") long after) {
    if (runs.find(id).isEmpty()) {
      throw unknown(id);
    }
    return "[" + String.join(",", queries.eventsAfter(id, after)) + "]";
  }

  @POST
  @Path("/{id}/cancel")
  public Response cancel(@PathParam("id") UUID id, @Context SecurityContext caller) {
    return switch (cancellation.cancel(id, caller.getUserPrincipal().getName())) {
      case ENDED -> Response.ok(one(id)).build();
      case NOTED -> Response.accepted(one(id)).build();
      case UNKNOWN -> throw unknown(id);
      case TOO_LATE ->
          throw problem(
              Status.CONFLICT,
              "Run "
                  + id
                  + " has applied its last script, or has ended; it can be rolled back, not"
                  + " cancelled");
    };
  }

  /** Lets the run wait before its next batch. */
  @POST
  @Path("/{id}/pause")
  public Response pause(@PathParam("id") UUID id, @Context SecurityContext caller) {
    return paused(id, pausing.pause(id, caller.getUserPrincipal().getName()));
  }

  /** Lets a paused run go on. */
  @POST
  @Path("/{id}/resume")
  public Response resume(@PathParam("id") UUID id, @Context SecurityContext caller) {
    return paused(id, pausing.resume(id, caller.getUserPrincipal().getName()));
  }

  private Response paused(UUID id, Pausing.Answer answer) {
    return switch (answer) {
      case NOTED -> Response.accepted(one(id)).build();
      case UNKNOWN -> throw unknown(id);
      case ENDED -> throw problem(Status.CONFLICT, "Run " + id + " has ended");
      case NO_BATCHES ->
          throw problem(
              Status.CONFLICT,
              "Run "
                  + id
                  + " has no batches ahead of it; only a data migration in batches can be paused");
    };
  }

  private static @Nullable RunStateName state(@Nullable String state) {
    if (state == null) {
      return null;
    }
    try {
      return RunStateName.valueOf(state.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw problem(Status.BAD_REQUEST, "state must be one of " + List.of(RunStateName.values()));
    }
  }

  private static @Nullable Long position(@Nullable String cursor) {
    try {
      return cursor == null ? null : Long.valueOf(cursor);
    } catch (NumberFormatException e) {
      throw problem(Status.BAD_REQUEST, "cursor must be the nextCursor of an earlier page");
    }
  }

  private static HttpProblem unknown(UUID id) {
    return problem(Status.NOT_FOUND, "There is no run " + id);
  }

  private static HttpProblem problem(Status status, String detail) {
    return HttpProblem.valueOf(status, detail);
  }
}

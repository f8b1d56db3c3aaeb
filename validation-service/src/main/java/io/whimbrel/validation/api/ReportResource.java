package io.whimbrel.validation.api;

import io.quarkiverse.resteasy.problem.HttpProblem;
import io.whimbrel.event.Phase;
import io.whimbrel.validation.request.RequestRepository;
import io.whimbrel.validation.request.RequestRepository.Stored;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import java.time.Instant;
import java.util.UUID;

/** The reports of validations. */
@Path("/api/v1/migrations/validation/reports")
@RolesAllowed("admin")
@Produces(MediaType.APPLICATION_JSON)
public class ReportResource {
  private final RequestRepository requests;

  ReportResource(RequestRepository requests) {
    this.requests = requests;
  }

  /** A validation whose report is yet to come. */
  record Underway(
      UUID id, UUID runId, Phase phase, String target, String state, Instant requestedAt) {}

  /** The report; 202 while the validation is underway. */
  @GET
  @Path("/{id}")
  public Response report(@PathParam("id") UUID id) {
    Stored stored =
        requests
            .find(id)
            .orElseThrow(
                () -> HttpProblem.valueOf(Status.NOT_FOUND, "There is no validation " + id));
    if (stored.report() != null) {
      return Response.ok(stored.report()).build();
    }
    return Response.accepted(underway(stored)).header(HttpHeaders.RETRY_AFTER, 1).build();
  }

  private static Underway underway(Stored stored) {
    return new Underway(
        stored.id(),
        stored.runId(),
        stored.phase(),
        stored.target(),
        stored.state(),
        stored.requestedAt());
  }
}

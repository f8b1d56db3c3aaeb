package io.whimbrel.validation.api;

import io.quarkiverse.resteasy.problem.HttpProblem;
import io.quarkus.security.identity.SecurityIdentity;
import io.whimbrel.validation.report.Difference;
import io.whimbrel.validation.report.JUnitXml;
import io.whimbrel.validation.report.Markdown;
import io.whimbrel.validation.report.Report;
import io.whimbrel.validation.request.RequestRepository;
import io.whimbrel.validation.request.Stored;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The reports of validations. */
@Path("/api/v1/migrations/validation/reports")
@RolesAllowed("admin")
@Produces(MediaType.APPLICATION_JSON)
public class ReportResource {
  private static final Logger LOG = Logger.getLogger(ReportResource.class);

  private final RequestRepository requests;
  private final SecurityIdentity caller;

  ReportResource(RequestRepository requests, SecurityIdentity caller) {
    this.requests = requests;
    this.caller = caller;
  }

  /**
   * The report; 202 while the validation is underway.
   *
   * @param format {@code json}, {@code markdown} or {@code junit}
   */
  @GET
  @Path("/{id}")
  @Produces({MediaType.APPLICATION_JSON, "text/markdown", MediaType.APPLICATION_XML})
  public Response report(
      @PathParam("id") UUID id, @QueryParam("format") @DefaultValue("json") String format) {
    Stored stored = stored(id);
    if (stored.report() == null) {
      return Response.accepted(Underway.of(stored))
          .type(MediaType.APPLICATION_JSON)
          .header(HttpHeaders.RETRY_AFTER, 1)
          .build();
    }
    return switch (format) {
      case "json" -> Response.ok(stored.report(), MediaType.APPLICATION_JSON).build();
      case "markdown" -> Response.ok(Markdown.of(report(stored)), "text/markdown").build();
      case "junit" -> Response.ok(JUnitXml.of(report(stored)), MediaType.APPLICATION_XML).build();
      default ->
          throw HttpProblem.valueOf(
              Status.BAD_REQUEST, "format must be one of json, markdown, junit");
    };
  }

  /** What a report found that an earlier one did not, and the other way round. */
  @GET
  @Path("/{id}/diff")
  public Difference diff(@PathParam("id") UUID id, @QueryParam("with") @Nullable UUID earlier) {
    if (earlier == null) {
      throw HttpProblem.valueOf(Status.BAD_REQUEST, "with must name the report to compare with");
    }
    return Difference.between(report(stored(earlier)), report(stored(id)));
  }

  /**
   * Ends a validation that is underway; its report then says who wanted that. 409 if it has ended.
   */
  @POST
  @Path("/{id}/cancel")
  public Response cancel(@PathParam("id") UUID id) {
    Stored stored = stored(id);
    String user = caller.getPrincipal().getName();
    if (!requests.cancel(id, user)) {
      throw HttpProblem.valueOf(Status.CONFLICT, "Validation " + id + " has ended already");
    }
    LOG.infof("%s cancels validation %s of %s", user, id, stored.target());
    return Response.accepted(Underway.of(stored)).build();
  }

  private Stored stored(UUID id) {
    return requests
        .find(id)
        .orElseThrow(() -> HttpProblem.valueOf(Status.NOT_FOUND, "There is no validation " + id));
  }

  private Report report(Stored stored) {
    if (stored.report() == null) {
      throw HttpProblem.valueOf(
          Status.CONFLICT, "Validation " + stored.id() + " has not ended yet");
    }
    return requests.report(stored);
  }
}

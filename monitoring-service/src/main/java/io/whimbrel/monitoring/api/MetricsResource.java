package io.whimbrel.monitoring.api;

import io.smallrye.common.annotation.Blocking;
import io.whimbrel.monitoring.figures.Figures;
import io.whimbrel.monitoring.figures.Figures.Period;
import io.whimbrel.monitoring.figures.FiguresOf;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Figures for people; Prometheus has its own on the management port. */
@Path("/api/v1/migrations/metrics")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Monitoring")
@RolesAllowed("admin")
@Blocking
public class MetricsResource {
  private final FiguresOf figures;

  MetricsResource(FiguresOf figures) {
    this.figures = figures;
  }

  @GET
  @Operation(
      summary = "What the runs add up to",
      description =
          "Of all times and targets, or of the runs that ended from (inclusive) to (exclusive) on"
              + " a target.")
  public Figures metrics(
      @QueryParam("from") @Nullable String from,
      @QueryParam("to") @Nullable String to,
      @QueryParam("target") @Nullable String target) {
    Instant begin = Parameter.time("from", from);
    Instant end = Parameter.time("to", to);
    if (begin != null && end != null && end.isBefore(begin)) {
      throw Parameter.bad("to", "is not before from");
    }
    return figures.period(new Period(begin, end), Parameter.target(target));
  }
}

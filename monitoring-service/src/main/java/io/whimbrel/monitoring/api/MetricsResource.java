package io.whimbrel.monitoring.api;

import io.smallrye.common.annotation.Blocking;
import io.whimbrel.monitoring.figures.AllTimes;
import io.whimbrel.monitoring.figures.Figures;
import io.whimbrel.monitoring.figures.Figures.Period;
import io.whimbrel.monitoring.figures.FiguresOf;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
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
  private final AllTimes allTimes;

  MetricsResource(FiguresOf figures, AllTimes allTimes) {
    this.figures = figures;
    this.allTimes = allTimes;
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
    Period period = Parameter.period(from, to);
    return period.equals(Period.ALWAYS) && target == null
        ? allTimes.figures()
        : figures.period(period, Parameter.target(target));
  }
}

package io.whimbrel.monitoring.api;

import io.smallrye.common.annotation.Blocking;
import io.whimbrel.event.AlertRaised;
import io.whimbrel.event.Severity;
import io.whimbrel.monitoring.alert.Alert;
import io.whimbrel.monitoring.alert.AlertRepository;
import io.whimbrel.monitoring.alert.AlertRepository.Filter;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Lists alerts. */
@Path("/api/v1/migrations/alerts")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Monitoring")
@RolesAllowed("admin")
@Blocking
public class AlertsResource {
  private static final int MOST = 1000;

  private final AlertRepository alerts;

  AlertsResource(AlertRepository alerts) {
    this.alerts = alerts;
  }

  /** The alerts of a list, the newest first. */
  public record AlertList(List<Alert> alerts) {}

  @GET
  @Operation(summary = "Alerts, the newest first")
  public AlertList list(
      @QueryParam("status") @Nullable String status,
      @QueryParam("severity") @Nullable String severity,
      @QueryParam("target") @Nullable String target,
      @QueryParam("limit") @DefaultValue("100") String limit) {
    Filter filter =
        new Filter(
            Parameter.name("status", status, AlertRaised.Status.class),
            Parameter.name("severity", severity, Severity.class),
            Parameter.target(target));
    return new AlertList(alerts.newest(filter, Parameter.number("limit", limit, 1, MOST)));
  }
}

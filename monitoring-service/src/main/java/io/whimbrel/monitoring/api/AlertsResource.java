package io.whimbrel.monitoring.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.quarkiverse.resteasy.problem.HttpProblem;
import io.smallrye.common.annotation.Blocking;
import io.whimbrel.event.AlertRaised;
import io.whimbrel.event.Severity;
import io.whimbrel.monitoring.alert.Alert;
import io.whimbrel.monitoring.alert.AlertKind;
import io.whimbrel.monitoring.alert.AlertRepository;
import io.whimbrel.monitoring.alert.AlertRepository.Filter;
import io.whimbrel.monitoring.alert.Alerts;
import io.whimbrel.monitoring.alert.Silence;
import io.whimbrel.monitoring.alert.SilenceRepository;
import jakarta.annotation.security.RolesAllowed;
import jakarta.transaction.Transactional;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Lists alerts, and lets people look after them. */
@Path("/api/v1/migrations/alerts")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Monitoring")
@RolesAllowed("admin")
@Blocking
public class AlertsResource {
  private static final int MOST = 1000;
  private static final int LONGEST_NOTE = 500;

  private final AlertRepository alerts;
  private final Alerts door;
  private final SilenceRepository silences;
  private final Caller caller;

  AlertsResource(AlertRepository alerts, Alerts door, SilenceRepository silences, Caller caller) {
    this.alerts = alerts;
    this.door = door;
    this.silences = silences;
    this.caller = caller;
  }

  /**
   * The alerts of a page, the newest first.
   *
   * @param nextCursor what to ask with for the next page; absent on the last one
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record AlertList(List<Alert> alerts, @Nullable UUID nextCursor) {}

  @GET
  @Operation(summary = "Alerts, the newest first")
  public AlertList list(
      @QueryParam("status") @Nullable String status,
      @QueryParam("severity") @Nullable String severity,
      @QueryParam("target") @Nullable String target,
      @QueryParam("limit") @DefaultValue("100") String limit,
      @QueryParam("cursor") @Nullable String cursor) {
    Filter filter =
        new Filter(
            Parameter.name("status", status, AlertRaised.Status.class),
            Parameter.name("severity", severity, Severity.class),
            Parameter.target(target));
    int most = Parameter.number("limit", limit, 1, MOST);
    List<Alert> page = alerts.newest(filter, behind(cursor), most);
    return new AlertList(page, page.size() < most ? null : page.get(most - 1).alertId());
  }

  private @Nullable UUID behind(@Nullable String cursor) {
    return cursor == null
        ? null
        : Parameter.uuid(cursor)
            .flatMap(alerts::find)
            .map(Alert::alertId)
            .orElseThrow(() -> Parameter.bad("cursor", "is the nextCursor of an earlier page"));
  }

  /** What someone says with an acknowledgement; may be absent. */
  public record Acknowledgement(@Nullable String note) {}

  @PUT
  @Path("/{id}/acknowledge")
  @Consumes(MediaType.APPLICATION_JSON)
  @Transactional
  @Operation(
      summary = "Say that you look after an alert",
      description = "Twice is the same; a resolved alert stays resolved.")
  public Alert acknowledge(@PathParam("id") String id, @Nullable Acknowledgement acknowledgement) {
    UUID alertId = Parameter.uuid(id).orElseThrow(() -> unknown("alert"));
    String said =
        acknowledgement == null || acknowledgement.note() == null ? "" : acknowledgement.note();
    String note = Parameter.text("note", said, LONGEST_NOTE);
    Alert alert =
        door.acknowledge(alertId, caller.name(), note).orElseThrow(() -> unknown("alert"));
    caller.did("ACKNOWLEDGE", id, alert.target(), alert.status().name(), note);
    return alert;
  }

  /** The silences that last. */
  public record SilenceList(List<Silence> silences) {}

  @GET
  @Path("/silences")
  @Operation(summary = "Silences that last")
  public SilenceList silences() {
    return new SilenceList(silences.lasting());
  }

  /**
   * A silence to be.
   *
   * @param kind absent for all kinds
   * @param target absent for all targets
   */
  public record Wanted(
      @Nullable String kind,
      @Nullable String target,
      @Nullable String until,
      @Nullable String note) {}

  @POST
  @Path("/silences")
  @Consumes(MediaType.APPLICATION_JSON)
  @Transactional
  @Operation(
      summary = "Have people not told of some alerts for a time",
      description = "They are kept and published; sinks hear of what is still open afterwards.")
  public Response silence(@Nullable Wanted wanted) {
    if (wanted == null) {
      throw Parameter.bad("until", "is needed");
    }
    Instant until = Parameter.time("until", wanted.until());
    if (until == null || until.isBefore(Instant.now())) {
      throw Parameter.bad("until", "is a time to come, like 2026-01-31T12:00:00Z");
    }
    String note = wanted.note() == null ? "" : wanted.note();
    Silence silence =
        new Silence(
            UUID.randomUUID(),
            Parameter.name("kind", wanted.kind(), AlertKind.class),
            Parameter.target(wanted.target()),
            until,
            Parameter.text("note", note, LONGEST_NOTE),
            caller.name());
    silences.insert(silence);
    caller.did(
        "SILENCE", silence.silenceId().toString(), silence.target(), "DONE", "until=" + until);
    return Response.status(Status.CREATED).entity(silence).build();
  }

  @DELETE
  @Path("/silences/{id}")
  @Transactional
  @Operation(summary = "End a silence")
  public Response unsilence(@PathParam("id") String id) {
    UUID silenceId = Parameter.uuid(id).orElseThrow(() -> unknown("silence"));
    if (!silences.end(silenceId)) {
      throw unknown("silence");
    }
    caller.did("END_SILENCE", id, null, "DONE", null);
    return Response.noContent().build();
  }

  private static HttpProblem unknown(String what) {
    return HttpProblem.valueOf(Status.NOT_FOUND, "There is no such " + what + ".");
  }
}

package io.whimbrel.monitoring.api;

import io.smallrye.common.annotation.Blocking;
import io.whimbrel.monitoring.cleanup.Cleanup;
import io.whimbrel.monitoring.cleanup.CleanupPlan;
import io.whimbrel.monitoring.rebuild.Rebuild;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Forgets what is old, and rebuilds what follows from the event log. */
@Path("/api/v1/migrations")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Monitoring")
@RolesAllowed("super-admin")
@Blocking
public class CleanupResource {
  private final Cleanup cleanup;
  private final Rebuild rebuild;
  private final Caller caller;

  CleanupResource(Cleanup cleanup, Rebuild rebuild, Caller caller) {
    this.cleanup = cleanup;
    this.rebuild = rebuild;
    this.caller = caller;
  }

  @DELETE
  @Path("/cleanup")
  @Operation(
      summary = "Forget what is old",
      description =
          "Tells what would be forgotten; with dryRun=false, forgets it. Active runs, open alerts"
              + " and the audit trail stay.")
  public CleanupPlan cleanup(
      @QueryParam("olderThan") @Nullable String olderThan,
      @QueryParam("dryRun") @DefaultValue("true") String dryRun) {
    Instant before = Parameter.past("olderThan", olderThan);
    if (Parameter.bool("dryRun", dryRun)) {
      return cleanup.plan(before);
    }
    caller.did("CLEANUP", null, null, "BEGUN", "before=" + before);
    CleanupPlan done = cleanup.carryOut(before);
    caller.did("CLEANUP", null, null, "DONE", "before=" + before + ", runs=" + done.runs());
    return done;
  }

  @POST
  @Path("/rebuild")
  @Operation(summary = "Rebuild the runs and their figures from the event log")
  public Rebuild.Rebuilt rebuild() {
    Rebuild.Rebuilt done = rebuild.fromLog();
    caller.did("REBUILD", null, null, "DONE", "events=" + done.events());
    return done;
  }
}

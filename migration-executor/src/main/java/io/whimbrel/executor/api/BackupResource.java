package io.whimbrel.executor.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.quarkiverse.resteasy.problem.HttpProblem;
import io.whimbrel.event.BackupCheck;
import io.whimbrel.executor.keep.BackupReading;
import io.whimbrel.executor.run.BackupRecord;
import io.whimbrel.executor.run.BackupRecords;
import io.whimbrel.executor.run.RollbackQueries;
import io.whimbrel.executor.run.RollbackStatistics;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The backups that were taken, and how changes were taken back. */
@Path("/api/v1/migrations")
@RolesAllowed("admin")
@Produces(MediaType.APPLICATION_JSON)
public class BackupResource {
  private static final int MOST = 200;

  /** How long a caller waits; the gateway waits a little longer. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final BackupRecords records;
  private final BackupReading reading;
  private final RollbackQueries rollbacks;

  BackupResource(BackupRecords records, BackupReading reading, RollbackQueries rollbacks) {
    this.records = records;
    this.reading = reading;
    this.rollbacks = rollbacks;
  }

  /**
   * Backups, the newest first.
   *
   * @param nextCursor what to ask with for the next page; absent on the last one
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Page(List<BackupRecord> backups, @Nullable UUID nextCursor) {}

  @GET
  @Path("/backups")
  public Page list(
      @QueryParam("target") @Nullable String target,
      @QueryParam("limit") @DefaultValue("50") int limit,
      @QueryParam("cursor") @Nullable String cursor) {
    if (limit < 1 || limit > MOST) {
      throw HttpProblem.valueOf(Status.BAD_REQUEST, "limit must be between 1 and " + MOST);
    }
    List<BackupRecord> page = records.list(target, behind(cursor), limit);
    return new Page(page, page.size() < limit ? null : page.get(limit - 1).backupId());
  }

  private @Nullable UUID behind(@Nullable String cursor) {
    try {
      return cursor == null
          ? null
          : records.find(UUID.fromString(cursor)).map(BackupRecord::backupId).orElseThrow();
    } catch (IllegalArgumentException | NoSuchElementException e) {
      throw HttpProblem.valueOf(
          Status.BAD_REQUEST, "cursor must be the nextCursor of an earlier page");
    }
  }

  @GET
  @Path("/backups/{id}")
  public BackupRecord one(@PathParam("id") UUID id) {
    return records.find(id).orElseThrow(() -> unknown(id));
  }

  /** Checks the backup again; answers what it is found to be, or that this takes longer. */
  @POST
  @Path("/backups/{id}/verify")
  public Response verify(@PathParam("id") UUID id, @QueryParam("check") @Nullable String check)
      throws InterruptedException, ExecutionException {
    BackupCheck asked = check(check);
    BackupRecord known = one(id);
    if (known.deletedAt() != null) {
      throw HttpProblem.valueOf(Status.CONFLICT, "Backup " + id + " was deleted");
    }
    try {
      reading.begin(known, asked).get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      return Response.ok(one(id)).build();
    } catch (TimeoutException e) {
      return Response.accepted(known).build();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof BackupReading.Impossible why) {
        throw HttpProblem.valueOf(Status.CONFLICT, why.getMessage());
      }
      throw e;
    }
  }

  private static BackupCheck check(@Nullable String check) {
    try {
      return check == null ? BackupCheck.READ : BackupCheck.valueOf(check.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw HttpProblem.valueOf(Status.BAD_REQUEST, "check must be read or restore");
    }
  }

  @GET
  @Path("/rollbacks/statistics")
  public RollbackStatistics statistics(@QueryParam("target") @Nullable String target) {
    return rollbacks.statistics(target);
  }

  private static HttpProblem unknown(UUID id) {
    return HttpProblem.valueOf(Status.NOT_FOUND, "There is no backup " + id);
  }
}

package io.whimbrel.executor.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.whimbrel.event.RunStateName;
import io.whimbrel.executor.planning.CatalogueStatus.TargetStatus;
import io.whimbrel.executor.planning.TargetStatuses;
import io.whimbrel.executor.run.RunQueries;
import io.whimbrel.executor.run.RunQueries.Line;
import io.whimbrel.executor.run.RunTotals;
import io.whimbrel.executor.run.RunTotals.Total;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How things stand: the runs by state, those at work, and what is pending on each target. */
@Path("/api/v1/migrations/status")
@RolesAllowed("admin")
@Produces(MediaType.APPLICATION_JSON)
public class StatusResource {
  private final RunQueries queries;
  private final RunTotals totals;
  private final TargetStatuses targets;

  StatusResource(RunQueries queries, RunTotals totals, TargetStatuses targets) {
    this.queries = queries;
    this.totals = totals;
    this.targets = targets;
  }

  /**
   * The answer.
   *
   * @param pending runs that wait for their target
   * @param running runs that hold their target
   * @param failed runs that ended in FAILED or ROLLBACK_FAILED
   */
  record Status(
      long pending,
      long running,
      long completed,
      long failed,
      long rejected,
      long cancelled,
      long rolledBack,
      Summary summary,
      List<Line> active,
      List<TargetStatus> targets) {}

  /**
   * Over all runs.
   *
   * @param averageDurationMs of the completed runs, from start to end; absent without any
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Summary(long total, Map<RunStateName, Long> byState, @Nullable Double averageDurationMs) {}

  @GET
  public Status status() {
    Map<RunStateName, Long> counts = new EnumMap<>(RunStateName.class);
    @Nullable Double averageMs = null;
    long ended = 0;
    for (Total total : totals.byState()) {
      counts.put(total.state(), total.runs());
      ended += total.state().terminal() ? total.runs() : 0;
      averageMs = total.state() == RunStateName.COMPLETED ? total.averageMs() : averageMs;
    }
    List<Line> active = queries.active();
    long waiting =
        count(counts, RunStateName.REQUESTED)
            - active.stream().filter(line -> line.state() == RunStateName.REQUESTED).count();
    return new Status(
        waiting,
        active.size(),
        count(counts, RunStateName.COMPLETED),
        count(counts, RunStateName.FAILED) + count(counts, RunStateName.ROLLBACK_FAILED),
        count(counts, RunStateName.REJECTED),
        count(counts, RunStateName.CANCELLED),
        count(counts, RunStateName.ROLLED_BACK),
        new Summary(counts.values().stream().mapToLong(Long::longValue).sum(), counts, averageMs),
        active,
        targets.all(ended));
  }

  private static long count(Map<RunStateName, Long> counts, RunStateName state) {
    return counts.getOrDefault(state, 0L);
  }
}

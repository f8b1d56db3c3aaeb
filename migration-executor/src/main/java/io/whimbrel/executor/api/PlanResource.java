package io.whimbrel.executor.api;

import io.quarkiverse.resteasy.problem.HttpProblem;
import io.whimbrel.event.RiskRuleName;
import io.whimbrel.executor.catalog.Refusal;
import io.whimbrel.executor.plan.document.MigrationPlan;
import io.whimbrel.executor.plan.document.PlanPage;
import io.whimbrel.executor.planning.Planner;
import io.whimbrel.executor.planning.Plans;
import io.whimbrel.executor.run.StoredPlan;
import io.whimbrel.target.Target;
import io.whimbrel.target.TargetRegistry;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import jakarta.ws.rs.core.SecurityContext;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The plans: made when they are asked for, and read as JSON or as a page. */
@Path("/api/v1/migrations")
@RolesAllowed("admin")
public class PlanResource {
  private static final Logger LOG = Logger.getLogger(PlanResource.class);
  private static final String MARKDOWN = "text/markdown;charset=UTF-8";
  private static final int COME_BACK_SECONDS = 5;

  private final TargetRegistry registry;
  private final Planner planner;
  private final Plans plans;

  PlanResource(TargetRegistry registry, Planner planner, Plans plans) {
    this.registry = registry;
    this.planner = planner;
    this.plans = plans;
  }

  @POST
  @Path("/plan")
  @Produces(MediaType.APPLICATION_JSON)
  public Response plan(@Nullable PlanCommand command, @Context SecurityContext caller)
      throws InterruptedException {
    MigrationPlan plan = made(command, caller);
    return answer(plan, plan);
  }

  @POST
  @Path("/plan")
  @Produces(MARKDOWN)
  public Response page(@Nullable PlanCommand command, @Context SecurityContext caller)
      throws InterruptedException {
    MigrationPlan plan = made(command, caller);
    return answer(plan, new PlanPage(plan).markdown());
  }

  @GET
  @Path("/plans/{id}")
  @Produces(MediaType.APPLICATION_JSON)
  public String one(@PathParam("id") UUID id) {
    return stored(id).plan();
  }

  @GET
  @Path("/plans/{id}")
  @Produces(MARKDOWN)
  public String onePage(@PathParam("id") UUID id) {
    return stored(id).page();
  }

  private static Response answer(MigrationPlan plan, Object entity) {
    return Response.ok(entity)
        .header(HttpHeaders.LOCATION, "/api/v1/migrations/plans/" + plan.planId())
        .build();
  }

  private MigrationPlan made(@Nullable PlanCommand command, SecurityContext caller)
      throws InterruptedException {
    if (command == null || command.target() == null) {
      throw problem(Status.BAD_REQUEST, "target is missing; name one that GET /targets lists");
    }
    if (command.migration() != null && command.upTo() != null) {
      throw problem(Status.BAD_REQUEST, "Give either migration or upTo, not both");
    }
    Optional<String> complaint =
        RiskRuleName.complaint("acceptRisks", command.wanted().options().acceptRisks());
    if (complaint.isPresent()) {
      throw problem(Status.BAD_REQUEST, complaint.get());
    }
    Target target =
        registry
            .find(command.target())
            .orElseThrow(
                () ->
                    problem(
                        Status.NOT_FOUND,
                        "There is no target of that name; GET /targets has them"));
    try {
      return planner.plan(
          target,
          command.wanted(),
          caller.getUserPrincipal().getName(),
          caller.isUserInRole("super-admin"));
    } catch (Refusal e) {
      throw problem(Status.CONFLICT, e.getMessage());
    } catch (SQLException e) {
      LOG.warnf("Target %s cannot be planned for: %s", target.name(), e.getMessage());
      throw comeBack("The target cannot be asked; SQLSTATE " + e.getSQLState());
    } catch (Planner.Busy e) {
      throw comeBack("All places for making plans are taken; ask again in a moment");
    }
  }

  private StoredPlan stored(UUID id) {
    return plans
        .find(id)
        .orElseThrow(
            () ->
                problem(
                    Status.NOT_FOUND,
                    "There is no plan "
                        + id
                        + "; one that no run was made of is kept for a while"));
  }

  private static HttpProblem comeBack(String detail) {
    return HttpProblem.builder()
        .withTitle(Status.SERVICE_UNAVAILABLE.getReasonPhrase())
        .withStatus(Status.SERVICE_UNAVAILABLE)
        .withDetail(detail)
        .withHeader(HttpHeaders.RETRY_AFTER, COME_BACK_SECONDS)
        .build();
  }

  private static HttpProblem problem(Status status, String detail) {
    return HttpProblem.valueOf(status, detail);
  }
}

package io.whimbrel.executor.api;

import io.quarkiverse.resteasy.problem.HttpProblem;
import io.whimbrel.executor.planning.CatalogueStatus;
import io.whimbrel.executor.planning.CatalogueStatus.CatalogueView;
import io.whimbrel.target.Target;
import io.whimbrel.target.TargetRegistry;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response.Status;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The migrations of the targets, and which of them are applied. */
@Path("/api/v1/migrations/catalog")
@RolesAllowed("admin")
@Produces(MediaType.APPLICATION_JSON)
public class CatalogResource {
  private final TargetRegistry registry;
  private final CatalogueStatus catalogues;

  CatalogResource(TargetRegistry registry, CatalogueStatus catalogues) {
    this.registry = registry;
    this.catalogues = catalogues;
  }

  record Answer(List<CatalogueView> catalogs) {}

  @GET
  public Answer catalog(@QueryParam("target") @Nullable String name) {
    if (name == null) {
      return new Answer(registry.all().stream().map(catalogues::of).toList());
    }
    Target target =
        registry
            .find(name)
            .orElseThrow(
                () ->
                    HttpProblem.valueOf(
                        Status.NOT_FOUND,
                        "There is no target of that name; GET /targets has them"));
    return new Answer(List.of(catalogues.of(target)));
  }
}

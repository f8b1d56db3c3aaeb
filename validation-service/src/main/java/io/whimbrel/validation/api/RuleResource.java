package io.whimbrel.validation.api;

import io.quarkiverse.resteasy.problem.HttpProblem;
import io.whimbrel.validation.plugin.Plugins;
import io.whimbrel.validation.rule.Category;
import io.whimbrel.validation.rule.RuleDescription;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response.Status;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The catalogue of rules. */
@Path("/api/v1/migrations/validation/rules")
@RolesAllowed("admin")
@Produces(MediaType.APPLICATION_JSON)
public class RuleResource {
  private final Plugins plugins;

  RuleResource(Plugins plugins) {
    this.plugins = plugins;
  }

  /** All rules, or those of a category. */
  @GET
  public List<RuleDescription> list(@QueryParam("category") @Nullable String category) {
    Stream<RuleDescription> all = plugins.catalogue().stream();
    if (category == null) {
      return all.toList();
    }
    Category wanted =
        Category.of(category)
            .orElseThrow(
                () ->
                    HttpProblem.valueOf(
                        Status.BAD_REQUEST,
                        "category must be one of "
                            + Stream.of(Category.values())
                                .map(Category::id)
                                .collect(Collectors.joining(", "))));
    return all.filter(rule -> rule.category() == wanted).toList();
  }
}

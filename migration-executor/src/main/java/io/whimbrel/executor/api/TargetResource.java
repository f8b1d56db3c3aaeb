package io.whimbrel.executor.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.whimbrel.target.Target;
import io.whimbrel.target.TargetRegistry;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The targets that runs may name. Addresses, roles and paths stay inside. */
@Path("/api/v1/migrations/targets")
@RolesAllowed("admin")
@Produces(MediaType.APPLICATION_JSON)
public class TargetResource {
  private final TargetRegistry registry;

  TargetResource(TargetRegistry registry) {
    this.registry = registry;
  }

  /**
   * The targets.
   *
   * @param problem what is wrong with the targets file as it is now; the targets are then those of
   *     its last good version
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Answer(List<Line> targets, @Nullable String problem) {}

  record Line(String name, String format, List<String> schemas) {
    static Line of(Target target) {
      return new Line(target.name(), target.format(), target.schemas());
    }
  }

  @GET
  public Answer targets() {
    return new Answer(
        registry.all().stream().map(Line::of).toList(),
        registry.problem().map(p -> "The targets file has an error; see the log").orElse(null));
  }
}

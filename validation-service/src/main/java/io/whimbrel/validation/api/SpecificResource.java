package io.whimbrel.validation.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkiverse.resteasy.problem.HttpProblem;
import io.quarkus.security.identity.SecurityIdentity;
import io.whimbrel.target.Target;
import io.whimbrel.target.TargetRegistry;
import io.whimbrel.validation.plugin.Plugins;
import io.whimbrel.validation.report.Subject;
import io.whimbrel.validation.request.RequestRepository;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import java.util.UUID;
import org.jboss.logging.Logger;

/** Validations that no run asks for. They are noted and worked off like those of runs. */
@Path("/api/v1/migrations/validation/specific")
@RolesAllowed("admin")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public class SpecificResource {
  private static final Logger LOG = Logger.getLogger(SpecificResource.class);
  private static final String REPORTS = "/api/v1/migrations/validation/reports/";

  private final RequestRepository requests;
  private final TargetRegistry targets;
  private final SecurityIdentity caller;
  private final Plugins plugins;
  private final ObjectMapper json;

  SpecificResource(
      RequestRepository requests,
      TargetRegistry targets,
      SecurityIdentity caller,
      Plugins plugins,
      ObjectMapper json) {
    this.requests = requests;
    this.targets = targets;
    this.caller = caller;
    this.plugins = plugins;
    this.json = json.copy().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
  }

  /** 202 with the place of the report to come. */
  @POST
  public Response order(String body) {
    Order order = read(body);
    order
        .mistake(plugins.catalogue())
        .ifPresent(
            mistake -> {
              throw HttpProblem.valueOf(Status.BAD_REQUEST, mistake);
            });
    String name = String.valueOf(order.target());
    Target target =
        targets
            .find(name)
            .orElseThrow(
                () -> HttpProblem.valueOf(Status.NOT_FOUND, "target " + name + " is not declared"));
    Subject subject = order.subject(UUID.randomUUID(), target);
    String user = caller.getPrincipal().getName();
    requests.request(subject, user);
    LOG.infof("%s orders validation %s of %s: %s", user, subject.id(), name, subject.wish());
    return Response.accepted(Underway.of(requests.find(subject.id()).orElseThrow()))
        .header(HttpHeaders.LOCATION, REPORTS + subject.id())
        .build();
  }

  private Order read(String body) {
    try {
      Order order = json.readValue(body, Order.class);
      if (order != null) {
        return order;
      }
    } catch (JsonProcessingException e) {
      LOG.debug("An order cannot be read", e);
    }
    throw HttpProblem.valueOf(
        Status.BAD_REQUEST,
        "The body must be a JSON object with target and, as wanted, scope, tables, rules,"
            + " categories, mode, strict, and nothing else.");
  }
}

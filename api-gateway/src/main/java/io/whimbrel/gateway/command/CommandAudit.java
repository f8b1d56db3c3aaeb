package io.whimbrel.gateway.command;

import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.whimbrel.event.CommandAudited;
import io.whimbrel.event.CommandAudited.Outcome;
import jakarta.inject.Singleton;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;

/**
 * Tells the audit trail of commands that nobody else tells it of: those that an executor or a
 * validation service does at once, and all that are refused. A caller without an accepted token is
 * nobody, and a call that cannot be read is no command. The answer does not wait for Kafka; what
 * Kafka does not take is logged in its place.
 */
@Singleton
class CommandAudit {
  private static final Logger LOG = Logger.getLogger(CommandAudit.class);
  private static final String BASE = "/api/v1/migrations";
  private static final Set<Integer> REFUSALS = Set.of(403, 404, 409, 422);
  private static final int LONGEST_CALLER = 255;

  private final RequestPublisher publisher;
  private final SecurityIdentity identity;

  CommandAudit(RequestPublisher publisher, SecurityIdentity identity) {
    this.publisher = publisher;
    this.identity = identity;
  }

  @ServerResponseFilter
  public void tell(ContainerRequestContext request, ContainerResponseContext response) {
    Optional<Outcome> outcome = outcome(response.getStatus());
    if (outcome.isEmpty()) {
      return;
    }
    String path = request.getUriInfo().getPath().replaceFirst("^" + BASE, "");
    AuditedCommand.of(request.getMethod(), path)
        .filter(command -> outcome.get() != Outcome.ACCEPTED || !command.enteredElsewhere())
        // Who has a token that is not accepted is not even anonymous: looking fails.
        .filter(command -> !identity.isAnonymous())
        .map(command -> event(command, outcome.get(), response.getStatus()))
        .ifPresent(this::publish);
  }

  private static Optional<Outcome> outcome(int status) {
    if (status < 300) {
      return Optional.of(Outcome.ACCEPTED);
    }
    if (status >= 500) {
      return Optional.of(Outcome.FAILED);
    }
    return REFUSALS.contains(status) ? Optional.of(Outcome.REFUSED) : Optional.empty();
  }

  private CommandAudited event(AuditedCommand command, Outcome outcome, int status) {
    return new CommandAudited(
        UUID.randomUUID(),
        Instant.now().truncatedTo(ChronoUnit.MILLIS),
        caller(),
        command.name(),
        command.subject(),
        command.run(),
        null,
        outcome,
        status);
  }

  private String caller() {
    String name = identity.getPrincipal().getName().replaceAll("\\p{Cntrl}", " ");
    return name.length() > LONGEST_CALLER ? name.substring(0, LONGEST_CALLER) : name;
  }

  @SuppressWarnings("CheckReturnValue") // nobody waits for it
  private void publish(CommandAudited event) {
    // Looking for Kafka blocks.
    publisher
        .publish(event)
        .runSubscriptionOn(Infrastructure.getDefaultWorkerPool())
        .subscribe()
        .with(
            sent -> {},
            failure ->
                LOG.errorf(
                    "The audit trail is not told (%s) that %s asked for %s %s: %s, HTTP %d",
                    failure.getClass().getSimpleName(),
                    event.caller(),
                    event.command(),
                    event.subject(),
                    event.outcome(),
                    event.status()));
  }
}

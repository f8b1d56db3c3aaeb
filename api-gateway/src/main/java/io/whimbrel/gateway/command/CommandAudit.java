package io.whimbrel.gateway.command;

import io.quarkus.security.identity.CurrentIdentityAssociation;
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
  private final CurrentIdentityAssociation caller;

  CommandAudit(RequestPublisher publisher, CurrentIdentityAssociation caller) {
    this.publisher = publisher;
    this.caller = caller;
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
        .ifPresent(command -> tell(command, outcome.get(), response.getStatus()));
  }

  // Who has a token that is not accepted, or cannot be judged, is not even anonymous.
  @SuppressWarnings("CheckReturnValue") // nobody waits for it
  private void tell(AuditedCommand command, Outcome outcome, int status) {
    caller
        .getDeferredIdentity()
        .subscribe()
        .with(
            identity -> {
              if (!identity.isAnonymous()) {
                publish(event(command, identity, outcome, status));
              }
            },
            nobody -> {});
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

  private static CommandAudited event(
      AuditedCommand command, SecurityIdentity identity, Outcome outcome, int status) {
    return new CommandAudited(
        UUID.randomUUID(),
        Instant.now().truncatedTo(ChronoUnit.MILLIS),
        name(identity),
        command.name(),
        command.subject(),
        command.run(),
        null,
        outcome,
        status);
  }

  private static String name(SecurityIdentity identity) {
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

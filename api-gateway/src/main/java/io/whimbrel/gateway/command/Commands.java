package io.whimbrel.gateway.command;

import io.smallrye.mutiny.Uni;
import io.whimbrel.event.MigrationRequested;
import io.whimbrel.event.Operation;
import io.whimbrel.gateway.problem.Problems;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jboss.logging.Logger.Level;
import org.jboss.logging.MDC;

/**
 * Turns a command into a request on Kafka. What was answered with 202 is there; after a 503 it is
 * not known to be, and the same command with the same Idempotency-Key settles it either way.
 */
@ApplicationScoped
class Commands {
  private static final Logger LOG = Logger.getLogger(Commands.class);

  private final RequestPublisher publisher;
  private final KeyClaims keys;
  private final RunEnd runEnd;
  private final Caller caller;
  private final CommandConfig config;

  Commands(
      RequestPublisher publisher,
      KeyClaims keys,
      RunEnd runEnd,
      Caller caller,
      CommandConfig config) {
    this.publisher = publisher;
    this.keys = keys;
    this.runEnd = runEnd;
    this.caller = caller;
    this.config = config;
  }

  /** Blocks while the key, if there is one, is claimed. */
  Uni<Response> accept(Operation operation, Command command, HttpHeaders headers) {
    caller.mayAskFor(command);
    String authorization = headers.getHeaderString(HttpHeaders.AUTHORIZATION);
    Duration wait = Preference.wait(headers.getRequestHeader(Preference.HEADER), config.maxWait());
    Optional<KeyClaims.Claim> claim =
        IdempotencyKey.of(headers.getRequestHeader(IdempotencyKey.HEADER))
            .map(key -> keys.claim(key, operation, command, authorization));
    MigrationRequested request =
        command.request(
            operation,
            claim.map(KeyClaims.Claim::run).orElseGet(UUID::randomUUID),
            caller.name(),
            Instant.now().truncatedTo(ChronoUnit.MILLIS));
    RunEnd.Watch watch = runEnd.watch(request.runId(), wait, authorization);
    return publish(request, claim)
        .chain(watch::run)
        .map(
            finished ->
                finished.map(Accepted::finished).orElseGet(() -> Accepted.of(request).response()))
        .onTermination()
        .invoke(watch::close);
  }

  private Uni<Void> publish(MigrationRequested request, Optional<KeyClaims.Claim> claim) {
    if (claim.map(KeyClaims.Claim::accepted).orElse(false)) {
      return Uni.createFrom().voidItem();
    }
    return publisher
        .publish(request, caller.isSuperAdmin())
        .invoke(() -> log(Level.INFO, "Accepted", request))
        .onFailure()
        .transform(failure -> unavailable(request, failure))
        .onItemOrFailure()
        .call(
            (sent, failure) ->
                claim
                    .map(claimed -> keys.settle(claimed, failure == null))
                    .orElseGet(() -> Uni.createFrom().voidItem()));
  }

  private static Throwable unavailable(MigrationRequested request, Throwable failure) {
    log(Level.WARN, "No acknowledgement (" + failure.getClass().getSimpleName() + ") for", request);
    return Problems.unavailable(
        "kafka",
        "Kafka has not acknowledged the request. Send it again with the same Idempotency-Key: it is"
            + " then one run, should this one have arrived after all.");
  }

  private static void log(Level level, String what, MigrationRequested request) {
    MDC.put("runId", request.runId());
    MDC.put("target", request.target());
    try {
      LOG.logf(level, "%s %s of %s", what, request.operation(), request.target());
    } finally {
      MDC.remove("runId");
      MDC.remove("target");
    }
  }
}

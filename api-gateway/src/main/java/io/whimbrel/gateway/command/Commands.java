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
  private final RunEnd runEnd;
  private final Caller caller;
  private final CommandConfig config;

  Commands(RequestPublisher publisher, RunEnd runEnd, Caller caller, CommandConfig config) {
    this.publisher = publisher;
    this.runEnd = runEnd;
    this.caller = caller;
    this.config = config;
  }

  Uni<Response> accept(Operation operation, Command command, HttpHeaders headers) {
    caller.mayAskFor(command);
    UUID run =
        IdempotencyKey.run(caller.subject(), headers.getRequestHeader(IdempotencyKey.HEADER));
    Duration wait = Preference.wait(headers.getRequestHeader(Preference.HEADER), config.maxWait());
    MigrationRequested request =
        command.request(
            operation, run, caller.name(), Instant.now().truncatedTo(ChronoUnit.MILLIS));
    Response accepted = Accepted.of(request).response();
    RunEnd.Watch watch =
        runEnd.watch(run, wait, headers.getHeaderString(HttpHeaders.AUTHORIZATION));
    return publisher
        .publish(request, caller.isSuperAdmin())
        .invoke(() -> log(Level.INFO, "Accepted", request))
        .onFailure()
        .transform(failure -> unavailable(request, failure))
        .chain(watch::run)
        .map(finished -> finished.map(Accepted::finished).orElse(accepted))
        .onTermination()
        .invoke(watch::close);
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

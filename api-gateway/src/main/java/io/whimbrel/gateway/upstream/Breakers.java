package io.whimbrel.gateway.upstream;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.faulttolerance.api.CircuitBreakerState;
import io.smallrye.faulttolerance.api.Guard;
import io.smallrye.mutiny.Uni;
import io.whimbrel.gateway.problem.Problems;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.util.TypeLiteral;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.eclipse.microprofile.faulttolerance.exceptions.CircuitBreakerOpenException;
import org.jboss.logging.Logger;

/**
 * One circuit breaker for each service. While a service does not answer, its callers are told so at
 * once, and it is not asked; after the delay one question finds out whether it is back. What a
 * service answers, be it an error, counts as an answer.
 */
@ApplicationScoped
class Breakers {
  private static final Logger LOG = Logger.getLogger(Breakers.class);

  private final Map<Service, Guard> guards = new EnumMap<>(Service.class);
  private final Duration delay;

  Breakers(UpstreamConfig config, MeterRegistry metrics) {
    this.delay = config.breakerDelay();
    for (Service service : Service.values()) {
      AtomicInteger open = new AtomicInteger();
      Gauge.builder("whimbrel.upstream.broken", open, AtomicInteger::get)
          .description("1 while a service does not answer and is not asked")
          .tag("service", service.label())
          .register(metrics);
      guards.put(
          service,
          Guard.create()
              .withCircuitBreaker()
              .requestVolumeThreshold(config.breakerVolume())
              .failureRatio(config.breakerRatio())
              .delay(delay.toMillis(), ChronoUnit.MILLIS)
              .onStateChange(state -> changed(service, state, open))
              .done()
              .build());
    }
  }

  /** Asks unless the service is known not to answer; fails with a 503 problem that names it. */
  <T> Uni<T> guard(Service service, Supplier<Uni<T>> question, TypeLiteral<Uni<T>> type) {
    return Uni.createFrom()
        .<T>deferred(() -> Objects.requireNonNull(guards.get(service)).get(question, type))
        .onFailure()
        .transform(failure -> unavailable(service, failure));
  }

  private Throwable unavailable(Service service, Throwable failure) {
    String name = service.label();
    return failure instanceof CircuitBreakerOpenException
        ? Problems.unavailable(
            name, "The " + name + " has not answered for a while.", retryAfter(delay))
        : Problems.unavailable(name, "The " + name + " does not answer.");
  }

  private static long retryAfter(Duration delay) {
    return Math.max(1, delay.plusMillis(999).toSeconds());
  }

  private static void changed(Service service, CircuitBreakerState state, AtomicInteger open) {
    open.set(state == CircuitBreakerState.OPEN ? 1 : 0);
    if (state == CircuitBreakerState.CLOSED) {
      LOG.infof("The %s answers again", service.label());
    } else if (state == CircuitBreakerState.OPEN) {
      LOG.warnf("The %s does not answer; it is not asked for a while", service.label());
    }
  }
}

package io.whimbrel.validation.request;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.whimbrel.delivery.Traces;
import io.whimbrel.validation.check.CheckConfig;
import io.whimbrel.validation.check.Progress;
import io.whimbrel.validation.rule.SqlStates;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;
import org.jboss.logging.MDC;

/**
 * The workers of this instance: each claims the oldest validation that nobody works on, works on it
 * and claims the next. If the process dies, its claims run out and others take them over.
 */
@ApplicationScoped
class Workers {
  private static final Logger LOG = Logger.getLogger(Workers.class);
  private static final AttributeKey<String> VALIDATION =
      AttributeKey.stringKey("whimbrel.validation");
  private static final int SIGNS_PER_LEASE = 3;
  private static final Duration PROGRESS = Duration.ofSeconds(1);

  private final ClaimRepository claimed;
  private final Attempt attempt;
  private final RequestConfig config;
  private final CheckConfig check;
  private final Traces traces;
  private final Map<UUID, Work> claims = new ConcurrentHashMap<>();
  private final AtomicBoolean failing = new AtomicBoolean();
  private final ScheduledThreadPoolExecutor threads;

  private record Work(Thread thread, Progress progress) {}

  Workers(
      ClaimRepository claimed,
      Attempt attempt,
      RequestConfig config,
      CheckConfig check,
      Traces traces) {
    this.check = check;
    this.traces = traces;
    this.claimed = claimed;
    this.attempt = attempt;
    this.config = config;
    this.threads = new ScheduledThreadPoolExecutor(config.parallel() + 2);
  }

  void start(@Observes StartupEvent event) {
    for (int i = 0; i < config.parallel(); i++) {
      every(config.pollInterval(), this::workOff);
    }
    every(config.lease().dividedBy(SIGNS_PER_LEASE), this::giveSign);
    every(PROGRESS, this::tellProgress);
  }

  /** What is not finished goes back at once, for the next instance to claim. */
  void stop(@Observes ShutdownEvent event) {
    threads.shutdownNow();
    List<UUID> unfinished = List.copyOf(claims.keySet());
    if (!unfinished.isEmpty()) {
      guarded(() -> claimed.release(unfinished, Duration.ZERO));
    }
  }

  // Nobody waits for the schedule, and its work lets no exception out.
  @SuppressWarnings("FutureReturnValueIgnored")
  private void every(Duration interval, Runnable work) {
    threads.scheduleWithFixedDelay(
        () -> guarded(work), 0, interval.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** A failure must not end the schedule; while it lasts it is logged once. */
  private void guarded(Runnable work) {
    try {
      work.run();
      failing.set(false);
    } catch (RuntimeException e) {
      if (!threads.isShutdown() && failing.compareAndSet(false, true)) {
        log(e);
      }
    }
  }

  /** What the database says may repeat what was written to it, so only its code is logged. */
  private static void log(RuntimeException failure) {
    SqlStates.within(failure)
        .ifPresentOrElse(
            state -> LOG.errorf("Validations wait for their database (SQLSTATE %s)", state),
            () -> LOG.error("Validations wait, because of an unforeseen failure", failure));
  }

  private void workOff() {
    while (!threads.isShutdown()) {
      UUID token = UUID.randomUUID();
      Progress progress = new Progress();
      claims.put(token, new Work(Thread.currentThread(), progress));
      try {
        Optional<Claim> claim = claimed.claim(token, config.lease(), check.validationsPerTarget());
        if (claim.isEmpty()) {
          return;
        }
        logged(claim.get(), progress);
      } finally {
        claims.remove(token);
        clearInterrupt();
      }
    }
  }

  private void logged(Claim claim, Progress progress) {
    MDC.put("runId", Objects.requireNonNullElse(claim.subject().runId(), claim.subject().id()));
    MDC.put("target", claim.subject().target());
    try (Traces.Part part =
        traces.begin(
            "validation " + claim.subject().phase(),
            Attributes.of(VALIDATION, claim.subject().id().toString()),
            () -> Optional.ofNullable(claim.trace()))) {
      work(claim, progress, part);
    } finally {
      MDC.remove("runId");
      MDC.remove("target");
    }
  }

  private void work(Claim claim, Progress progress, Traces.Part part) {
    try {
      attempt.work(claim, progress);
    } catch (RuntimeException e) {
      part.failed(e.getClass().getSimpleName());
      throw e;
    }
  }

  /** A cancelled validation must not break off the next one of this worker. */
  private void clearInterrupt() {
    if (Thread.interrupted() && threads.isShutdown()) {
      Thread.currentThread().interrupt();
    }
  }

  /** The look ends as if its connection were lost; the claim that follows finds it cancelled. */
  private void breakOff(UUID token) {
    Work work = claims.get(token);
    if (work != null) {
      work.thread().interrupt();
    }
  }

  private void tellProgress() {
    claims.forEach(
        (token, work) -> {
          Progress.State state = work.progress().state();
          if (state.rules() > 0) {
            claimed.progress(token, state);
          }
        });
  }

  private void giveSign() {
    List<UUID> alive = List.copyOf(claims.keySet());
    if (!alive.isEmpty()) {
      claimed.prolong(alive, config.lease());
      claimed.cancelled(alive).forEach(this::breakOff);
    }
  }
}

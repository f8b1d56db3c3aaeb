package io.whimbrel.executor.step;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.logging.LogLevel;
import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.ExecutionOperations;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import io.quarkus.arc.All;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.whimbrel.executor.run.RunConfig;
import io.whimbrel.executor.run.StepScheduled;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.TransactionPhase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.jboss.logging.Logger;

/**
 * Works the queue of steps off. A step belongs to the instance that picked it while its heartbeat
 * lasts; then another picks it up. What fails for outside reasons is tried again with growing
 * pauses, and given up in the end, so that every run ends.
 */
@ApplicationScoped
class StepScheduler {
  private static final Logger LOG = Logger.getLogger(StepScheduler.class);
  private static final int MISSED_HEARTBEATS = 4;
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);

  private final RunConfig config;
  private final GiveUp giveUp;
  private final StepAttempt attempt;
  private final Scheduler scheduler;

  StepScheduler(
      DataSource dataSource,
      RunConfig config,
      GiveUp giveUp,
      StepAttempt attempt,
      @All List<RunStep> steps) {
    this.config = config;
    this.giveUp = giveUp;
    this.attempt = attempt;
    this.scheduler =
        Scheduler.create(dataSource, steps.stream().<Task<?>>map(this::task).toList())
            .schedulerName(new SchedulerName.Fixed("executor-" + UUID.randomUUID()))
            .threads(config.parallel())
            .pollUsingLockAndFetch(0.5, 1.0)
            .pollingInterval(config.pollInterval())
            .heartbeatInterval(config.heartbeatInterval())
            .missedHeartbeatsLimit(MISSED_HEARTBEATS)
            .shutdownMaxWait(Duration.ofSeconds(5))
            .failureLogging(LogLevel.OFF, false)
            .build();
  }

  void start(@Observes StartupEvent event) {
    scheduler.start();
  }

  void stop(@Observes ShutdownEvent event) {
    scheduler.stop();
  }

  /** Does not wait for the next look at the queue. */
  void look(@Observes(during = TransactionPhase.AFTER_SUCCESS) StepScheduled step) {
    if (!step.when().isAfter(Instant.now())) {
      scheduler.triggerCheckForDueExecutions();
    }
  }

  private Task<Void> task(RunStep step) {
    return Tasks.custom(step.step().taskName(), Void.class)
        .onDeadExecutionRevive()
        .onFailure((complete, operations) -> failed(step, complete, operations))
        .execute((instance, context) -> attempt.at(step, UUID.fromString(instance.getId())));
  }

  private void failed(
      RunStep step, ExecutionComplete complete, ExecutionOperations<Void> operations) {
    UUID run = UUID.fromString(complete.getExecution().getId());
    Throwable cause = complete.getCause().map(StepFailed::unwrap).orElseThrow();
    int attempts = complete.getExecution().consecutiveFailures + 1;
    if (attempts >= config.attempts()) {
      LOG.errorf(
          cause, "Step %s of run %s is given up after %d attempts", step.step(), run, attempts);
      giveUp.on(run, cause);
      operations.remove();
      return;
    }
    Duration pause = config.attemptPause().multipliedBy(1L << Math.min(attempts - 1, 10));
    Duration bounded = pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
    LOG.warnf(
        cause, "Step %s of run %s failed and is tried again in %s", step.step(), run, bounded);
    operations.reschedule(complete, Instant.now().plus(bounded));
  }
}

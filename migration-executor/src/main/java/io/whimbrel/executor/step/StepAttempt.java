package io.whimbrel.executor.step;

import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.whimbrel.delivery.Traces;
import io.whimbrel.executor.run.ProcessUse;
import io.whimbrel.executor.run.Run;
import io.whimbrel.executor.run.RunRepository;
import io.whimbrel.executor.run.StaleClaim;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jboss.logging.MDC;

/**
 * Tries a step once, by whatever instance: a span of the trace of its run, with the run in each
 * line of the log, and what the process uses meanwhile is counted.
 */
@ApplicationScoped
class StepAttempt {
  private static final Logger LOG = Logger.getLogger(StepAttempt.class);
  private static final AttributeKey<String> RUN = AttributeKey.stringKey("whimbrel.run");
  private static final Duration WHILE_PAUSED = Duration.ofSeconds(1);

  private final RunRepository runs;
  private final Traces traces;
  private final ProcessUse use;

  StepAttempt(RunRepository runs, Traces traces, ProcessUse use) {
    this.runs = runs;
    this.traces = traces;
    this.use = use;
  }

  /**
   * Tries it.
   *
   * @return what is to become of the step in the queue
   * @throws RuntimeException if something outside failed; {@link StepFailed} has what is not one
   */
  CompletionHandler<Void> at(RunStep step, UUID run) {
    try (Traces.Part part =
        traces.begin(
            "step " + step.step(),
            Attributes.of(RUN, run.toString()),
            () -> runs.find(run).map(Run::trace))) {
      try {
        return execute(step, run);
      } catch (RuntimeException e) {
        part.failed(StepFailed.unwrap(e).getClass().getSimpleName());
        throw e;
      }
    }
  }

  private CompletionHandler<Void> execute(RunStep step, UUID run) {
    MDC.put("runId", run.toString());
    ProcessUse.Counted counted = use.count(run);
    try {
      step.run(run);
      return new CompletionHandler.OnCompleteRemove<>();
    } catch (StaleClaim e) {
      LOG.infof("Step %s ends here: %s", step.step(), e.getMessage());
      return new CompletionHandler.OnCompleteRemove<>();
    } catch (StepPaused e) {
      return (complete, operations) ->
          operations.reschedule(complete, Instant.now().plus(WHILE_PAUSED));
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new StepFailed(e);
    } finally {
      counted.close();
      MDC.remove("runId");
    }
  }
}

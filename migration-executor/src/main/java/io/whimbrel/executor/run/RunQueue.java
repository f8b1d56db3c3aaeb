package io.whimbrel.executor.run;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.TaskInstanceId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.time.Instant;
import java.util.UUID;
import javax.sql.DataSource;

/** Where the steps that are to be done stand; joins the transaction that makes them necessary. */
@ApplicationScoped
public class RunQueue {
  private final SchedulerClient client;
  private final Event<StepScheduled> scheduled;

  RunQueue(DataSource dataSource, Event<StepScheduled> scheduled) {
    this.client = SchedulerClient.Builder.create(dataSource).build();
    this.scheduled = scheduled;
  }

  @Transactional(TxType.MANDATORY)
  public void schedule(UUID run, Step step, Instant when) {
    client.scheduleIfNotExists(new TaskInstance<>(step.taskName(), run.toString()), when);
    scheduled.fire(new StepScheduled(run, step, when));
  }

  @Transactional(TxType.MANDATORY)
  public void schedule(UUID run, Step step) {
    schedule(run, step, Instant.now());
  }

  /** Takes a step off the queue, unless it is being done. */
  @Transactional(TxType.MANDATORY)
  public void cancel(UUID run, Step step) {
    TaskInstanceId id = TaskInstanceId.of(step.taskName(), run.toString());
    client
        .getScheduledExecution(id)
        .filter(execution -> !execution.isPicked())
        .ifPresent(execution -> client.cancel(id));
  }
}

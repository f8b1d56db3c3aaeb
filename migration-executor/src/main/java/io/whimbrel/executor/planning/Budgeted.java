package io.whimbrel.executor.planning;

import io.whimbrel.executor.catalog.Refusal;
import io.whimbrel.executor.plan.document.MigrationPlan.Unknown;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The parts of one plan, worked on beside each other until its time is spent. A part that is late,
 * or fails, is noted as unknown, and the plan goes on without it; a late one is interrupted and
 * ends by itself.
 */
public final class Budgeted {
  private static final Logger LOG = Logger.getLogger(Budgeted.class);

  private final ExecutorService workers;
  private final Duration budget;
  private final long deadline;
  private final List<Unknown> unknown = new ArrayList<>();

  public Budgeted(ExecutorService workers, Duration budget) {
    this.workers = workers;
    this.budget = budget;
    this.deadline = System.nanoTime() + budget.toNanos();
  }

  /** How much time is left; never negative. */
  Duration left() {
    return Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
  }

  /** As long as a part is waited for that can be done without. */
  Duration third() {
    return budget.dividedBy(3);
  }

  <T> Future<T> begin(Callable<T> work) {
    return workers.submit(work);
  }

  /** What a part came to, if it did in time. */
  <T> Optional<T> await(String part, Future<T> work) throws InterruptedException {
    try {
      return Optional.of(work.get(left().toNanos(), TimeUnit.NANOSECONDS));
    } catch (TimeoutException e) {
      work.cancel(true);
      missing(
          part,
          "not found out within the "
              + budget.toSeconds()
              + " s that a plan may take; raise whimbrel.plans.budget to know more");
    } catch (ExecutionException e) {
      missing(part, reason(part, e.getCause()));
    }
    return Optional.empty();
  }

  void missing(String part, String reason) {
    unknown.add(new Unknown(part, reason));
  }

  /** What was not found out, and why. */
  public List<Unknown> unknown() {
    return List.copyOf(unknown);
  }

  private static String reason(String part, @Nullable Throwable failure) {
    if (failure instanceof Refusal refusal) {
      return refusal.getMessage();
    }
    if (failure instanceof SQLException sql) {
      return "the target refused it or could not be reached; SQLSTATE " + sql.getSQLState();
    }
    LOG.errorf(failure, "The part %s of a plan failed", part);
    return "it failed for a reason that the log of the executor has";
  }
}

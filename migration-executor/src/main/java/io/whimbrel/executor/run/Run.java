package io.whimbrel.executor.run;

import io.whimbrel.event.MigrationRequested;
import io.whimbrel.event.RollbackStrategy;
import io.whimbrel.event.RunError;
import io.whimbrel.event.RunOptions;
import io.whimbrel.event.RunStateName;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One attempt of a plan on a target, as the control database has it.
 *
 * @param active whether it holds its target
 * @param sequence of its last event
 * @param token of the last claim of one of its steps
 * @param source who published the request
 * @param wish what users want of it while it is at work
 * @param trace the place in a trace at which it was requested, for its steps to go on from; null if
 *     in none
 * @param mayLoseData whether the request carries a super-admin's right: to {@code acceptDataLoss},
 *     and to {@code acceptRisks} that the policy leaves to super-admins
 */
public record Run(
    UUID id,
    MigrationRequested request,
    RunStateName state,
    boolean active,
    long sequence,
    long token,
    String source,
    RunWish wish,
    @Nullable String trace,
    boolean mayLoseData,
    Instant requestedAt,
    @Nullable Instant startedAt,
    @Nullable Instant finishedAt,
    @Nullable RunPlan plan,
    @Nullable ValidationOutcome validationBefore,
    @Nullable ValidationOutcome validationAfter,
    @Nullable BackupReference backup,
    @Nullable RollbackOutcome rollback,
    @Nullable RunProgress progress,
    @Nullable RunError error) {

  public String target() {
    return request.target();
  }

  public RunOptions options() {
    RunOptions options = request.options();
    return options == null ? RunOptions.DEFAULTS : options;
  }

  public RollbackStrategy strategy() {
    RollbackStrategy strategy = request.strategy();
    return strategy == null ? RollbackStrategy.AUTO : strategy;
  }

  /** Whether the run may overwrite what others wrote: asked for, and entitled to. */
  public boolean acceptsDataLoss() {
    return options().acceptDataLoss() && mayLoseData;
  }

  /** The plan, in the states that have one. */
  public RunPlan planned() {
    if (plan == null) {
      throw new IllegalStateException("run " + id + " is " + state + " and has no plan yet");
    }
    return plan;
  }
}

package io.whimbrel.monitoring.run;

import io.whimbrel.event.Operation;
import io.whimbrel.event.RunStateName;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The runs that have not ended. */
@ApplicationScoped
public class ActiveRuns {
  private final TargetRepository targets;

  ActiveRuns(TargetRepository targets) {
    this.targets = targets;
  }

  /**
   * A run that has not ended.
   *
   * @param lastSeen when its state was last learned of
   * @param applyingAt when it began to apply its migrations
   * @param appliedAt when it went on from there, or began to take back what it had applied
   * @param predicted how long its migrations were predicted to take at most; null unless each was
   */
  public record Active(
      UUID runId,
      String target,
      Operation operation,
      RunStateName state,
      @Nullable Instant startedAt,
      Instant lastSeen,
      @Nullable Instant applyingAt,
      @Nullable Instant appliedAt,
      @Nullable Duration predicted) {}

  /**
   * A run that said of late that it waits for a lock.
   *
   * @param first when it said so for the first time within five minutes
   * @param last when it said so for the last time
   */
  public record LockWait(UUID runId, String target, Instant first, Instant last) {}

  /** The active runs that waited for a lock of late. */
  public List<LockWait> lockWaits() {
    return targets.lockWaits();
  }

  public List<Active> all() {
    return targets.active();
  }

  /**
   * How long 95 of the last 100 completed runs of a kind took; empty while there are fewer than
   * five.
   */
  public Optional<Duration> usual(String target, Operation operation) {
    return targets.usual(target, operation);
  }
}

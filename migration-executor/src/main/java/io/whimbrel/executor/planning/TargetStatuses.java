package io.whimbrel.executor.planning;

import io.whimbrel.executor.planning.CatalogueStatus.TargetStatus;
import io.whimbrel.target.Target;
import io.whimbrel.target.TargetRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * What is pending on each target. The targets are asked beside each other, so that one that does
 * not answer holds nobody up for longer than itself, and not again while nothing can have changed
 * here and the answers are fresh.
 */
@ApplicationScoped
public class TargetStatuses {
  private static final Duration FRESH = Duration.ofSeconds(10);
  private static final int AT_ONCE = 16;

  private final TargetRegistry registry;
  private final CatalogueStatus catalogues;
  private final ExecutorService workers =
      Executors.newFixedThreadPool(
          AT_ONCE,
          work -> {
            Thread thread = new Thread(work, "target-status");
            thread.setDaemon(true);
            return thread;
          });

  private volatile @Nullable Known known;

  TargetStatuses(TargetRegistry registry, CatalogueStatus catalogues) {
    this.registry = registry;
    this.catalogues = catalogues;
  }

  /**
   * What was found.
   *
   * @param nanos when, by {@link System#nanoTime}
   */
  private record Known(
      List<Target> targets, long endedRuns, long nanos, List<TargetStatus> statuses) {

    boolean holds(List<Target> now, long ended) {
      return endedRuns == ended
          && targets.equals(now)
          && System.nanoTime() - nanos < FRESH.toNanos();
    }
  }

  /**
   * One for each target of the registry, at most 10 s old.
   *
   * @param endedRuns how many runs have ended; when there are more of them, all targets are asked
   */
  public List<TargetStatus> all(long endedRuns) {
    List<Target> targets = List.copyOf(registry.all());
    Known last = known;
    if (last != null && last.holds(targets, endedRuns)) {
      return last.statuses();
    }
    long began = System.nanoTime();
    List<CompletableFuture<TargetStatus>> answers =
        targets.stream()
            .map(t -> CompletableFuture.supplyAsync(() -> catalogues.status(t), workers))
            .toList();
    List<TargetStatus> statuses = answers.stream().map(CompletableFuture::join).toList();
    known = new Known(targets, endedRuns, began, statuses);
    return statuses;
  }
}

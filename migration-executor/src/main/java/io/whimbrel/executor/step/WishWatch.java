package io.whimbrel.executor.step;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.whimbrel.executor.apply.CancelSignal;
import io.whimbrel.executor.run.Claim;
import io.whimbrel.executor.run.Run;
import io.whimbrel.executor.run.RunWish;
import io.whimbrel.executor.run.RunWishes;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/**
 * Looks what users want of the runs that this instance applies: with one query for all of them,
 * four times a second, and with none while there are no such runs. A look that fails is left out;
 * the wish is still there for the next one.
 */
@ApplicationScoped
class WishWatch {
  private static final Logger LOG = Logger.getLogger(WishWatch.class);
  private static final long EVERY_MILLIS = 250;

  private final RunWishes wishes;
  private final Map<UUID, Watched> watched = new ConcurrentHashMap<>();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread created = new Thread(work, "wish-watch");
            created.setDaemon(true);
            return created;
          });

  private final ExecutorService cancels =
      Executors.newCachedThreadPool(
          work -> {
            Thread created = new Thread(work, "cancel");
            created.setDaemon(true);
            return created;
          });

  WishWatch(RunWishes wishes) {
    this.wishes = wishes;
  }

  void start(@Observes StartupEvent event) {
    var unused =
        thread.scheduleWithFixedDelay(
            this::look, EVERY_MILLIS, EVERY_MILLIS, TimeUnit.MILLISECONDS);
  }

  void stop(@Observes ShutdownEvent event) {
    thread.shutdownNow();
    cancels.shutdownNow();
  }

  /** Watches a run until the result is closed. */
  Watched watch(Claim claim, Run run) {
    Watched added = new Watched(claim, run.wish());
    watched.put(run.id(), added);
    return added;
  }

  void look() {
    if (watched.isEmpty()) {
      return;
    }
    try {
      wishes.of(watched.keySet()).forEach(this::tell);
    } catch (RuntimeException e) {
      LOG.warnf("The wishes of users cannot be read at the moment: %s", e.getMessage());
    }
  }

  private void tell(UUID run, RunWish wish) {
    Watched known = watched.get(run);
    if (known != null) {
      known.hear(wish);
    }
  }

  /** A run at work. */
  final class Watched implements AutoCloseable {
    private final Claim claim;
    private final CancelSignal signal = new CancelSignal();
    private final AtomicBoolean cancelling = new AtomicBoolean();
    private volatile RunWish wish;
    private volatile boolean sealed;

    private Watched(Claim claim, RunWish wish) {
      this.claim = claim;
      this.wish = wish;
      this.sealed = wish.sealed();
      if (wish.cancelledBy() != null) {
        signal.cancel();
      }
    }

    // In a thread of its own, as the target may be slow to take the cancel; and again with every
    // look, as a cancel that overtakes its statement is lost.
    private void hear(RunWish now) {
      wish = now;
      if (now.cancelledBy() != null && cancelling.compareAndSet(false, true)) {
        cancels.execute(
            () -> {
              try {
                signal.cancel();
              } finally {
                cancelling.set(false);
              }
            });
      }
    }

    boolean pauses() {
      return wish.pauses();
    }

    /** Reaches the statement at work. */
    CancelSignal signal() {
      return signal;
    }

    /** The last script is about to be committed, and has been stored as such. */
    void sealed() {
      sealed = true;
    }

    /** A script is about to run, so whatever was about to be committed was not. */
    void begins() {
      if (sealed) {
        wishes.unseal(claim);
        sealed = false;
      }
    }

    /**
     * Nothing is left to apply.
     *
     * @throws RunCancelled if someone has cancelled the run
     */
    void ends() {
      if (!sealed && !wishes.seal(claim)) {
        throw new RunCancelled();
      }
    }

    @Override
    public void close() {
      watched.remove(claim.run(), this);
    }
  }
}

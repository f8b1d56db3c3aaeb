package io.whimbrel.executor.step;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.whimbrel.executor.run.Run;
import io.whimbrel.executor.run.RunWish;
import io.whimbrel.executor.run.RunWishes;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
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
  }

  /** Watches a run until the result is closed. */
  Watched watch(Run run) {
    Watched added = new Watched(run.id(), run.wish());
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
      known.wish = wish;
    }
  }

  /** A run at work. */
  final class Watched implements AutoCloseable {
    private final UUID run;
    private volatile RunWish wish;

    private Watched(UUID run, RunWish wish) {
      this.run = run;
      this.wish = wish;
    }

    boolean pauses() {
      return wish.pauses();
    }

    @Override
    public void close() {
      watched.remove(run, this);
    }
  }
}

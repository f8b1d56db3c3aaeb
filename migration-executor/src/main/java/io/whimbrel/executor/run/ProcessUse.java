package io.whimbrel.executor.run;

import com.sun.management.OperatingSystemMXBean;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.whimbrel.target.OpenSessions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * What this process uses while steps of runs are at work in it. It is that of the whole process,
 * since the JVM attributes neither the threads that a step starts nor any memory to it; whether
 * steps of other runs were at work meanwhile is said with it.
 */
@ApplicationScoped
public class ProcessUse {
  private final Map<UUID, Counted> counted = new ConcurrentHashMap<>();
  private final OperatingSystemMXBean process =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
  private final MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread created = new Thread(work, "process-use");
            created.setDaemon(true);
            return created;
          });

  /**
   * What was used.
   *
   * @param cpuMs milliseconds of processor time
   * @param heapBytes the most heap that was in use when it was looked at
   * @param shared whether steps of other runs were at work meanwhile
   * @param connections the most that the run had to PostgreSQL at a time
   */
  public record Used(long cpuMs, long heapBytes, boolean shared, int connections) {}

  void start(@Observes StartupEvent event) {
    var unused = thread.scheduleWithFixedDelay(this::look, 1, 1, TimeUnit.SECONDS);
  }

  void stop(@Observes ShutdownEvent event) {
    thread.shutdownNow();
  }

  private void look() {
    counted.values().forEach(Counted::look);
  }

  /** Counts for a run until the result is closed. */
  public Counted count(UUID run) {
    Counted begun = new Counted(run);
    counted.put(run, begun);
    if (counted.size() > 1) {
      counted.values().forEach(one -> one.shared = true);
    }
    return begun;
  }

  /** What was used since it is counted for a run; empty if it is not. */
  Optional<Used> of(UUID run) {
    return Optional.ofNullable(counted.get(run)).map(Counted::used);
  }

  /** A step at work. */
  public final class Counted implements AutoCloseable {
    private final UUID run;
    private final long cpuNanos = process.getProcessCpuTime();
    private final OpenSessions sessions;
    private long heapBytes;
    private volatile boolean shared;

    private Counted(UUID run) {
      this.run = run;
      this.sessions = OpenSessions.count(run.toString());
      look();
    }

    private synchronized void look() {
      heapBytes = Math.max(heapBytes, memory.getHeapMemoryUsage().getUsed());
    }

    private synchronized Used used() {
      look();
      long nanos = process.getProcessCpuTime() - cpuNanos;
      return new Used(TimeUnit.NANOSECONDS.toMillis(nanos), heapBytes, shared, sessions.most());
    }

    @Override
    public void close() {
      counted.remove(run, this);
      sessions.close();
    }
  }
}

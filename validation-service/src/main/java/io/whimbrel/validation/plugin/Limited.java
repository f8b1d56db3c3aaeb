package io.whimbrel.validation.plugin;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Another's code in a thread of its own, which nobody waits for longer than so long. If it does not
 * heed its interruption, the thread is left behind; it keeps no process from ending.
 */
final class Limited<T> {

  /** What is to be done again and again while the code runs. */
  interface Beat {
    void beat() throws SQLException;
  }

  private static final long BEAT_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final FutureTask<T> task;
  private final Thread thread;

  private Limited(String name, Callable<T> code) {
    this.task = new FutureTask<>(code);
    this.thread = new Thread(task, name);
    thread.setDaemon(true);
  }

  static <T> Limited<T> start(String name, ClassLoader loader, Callable<T> code) {
    Limited<T> limited = new Limited<>(name, code);
    limited.thread.setContextClassLoader(loader);
    limited.thread.start();
    return limited;
  }

  /** Whether the code has not come back, though nobody may be waiting for it any more. */
  boolean runs() {
    return thread.isAlive();
  }

  /**
   * Awaits the result.
   *
   * @throws ExecutionException with whatever the code threw
   * @throws TimeoutException when it took too long; it is interrupted then, as whenever this throws
   */
  T await(Duration limit, Beat beat)
      throws InterruptedException, ExecutionException, TimeoutException, SQLException {
    long end = System.nanoTime() + limit.toNanos();
    try {
      while (true) {
        long left = end - System.nanoTime();
        try {
          return task.get(Math.max(0, Math.min(left, BEAT_NANOS)), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
          if (left <= BEAT_NANOS) {
            throw e;
          }
          beat.beat();
        }
      }
    } finally {
      task.cancel(true);
    }
  }
}

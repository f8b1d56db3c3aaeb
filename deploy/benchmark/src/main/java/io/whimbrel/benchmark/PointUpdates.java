package io.whimbrel.benchmark;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * An application that updates single rows, so many a second whatever happens. An update's time
 * counts from the moment it was due, so that one that waits does not hide those behind it.
 */
final class PointUpdates {

  private static final int THREADS = 4;
  private static final long PERIOD_NANOS = 20_000_000;

  private final String url;
  private final String sql;
  private final long rows;
  private final ConcurrentLinkedQueue<Long> nanos = new ConcurrentLinkedQueue<>();
  private volatile boolean going = true;
  private volatile @Nullable Exception failure;

  private PointUpdates(String url, String sql, long rows) {
    this.url = url;
    this.sql = sql;
    this.rows = rows;
  }

  /** Something that goes on beside the updates. */
  interface Work {
    void run() throws Exception;
  }

  /**
   * How long the updates took.
   *
   * @param seconds that the work took
   */
  record Result(double seconds, double p50Millis, double p99Millis, double mostMillis) {}

  /**
   * Updates while the work goes on.
   *
   * @param url with user and password
   * @param sql updates the row whose number is its parameter
   * @param rows how many there are, numbered from 1
   */
  static Result beside(String url, String sql, long rows, Work work) throws Exception {
    PointUpdates updates = new PointUpdates(url, sql, rows);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      Thread thread = new Thread(updates::update, "point-updates-" + i);
      threads.add(thread);
      thread.start();
    }
    long began = System.nanoTime();
    long taken;
    try {
      work.run();
    } finally {
      taken = System.nanoTime() - began;
      updates.going = false;
      for (Thread thread : threads) {
        thread.join();
      }
    }
    Exception failed = updates.failure;
    if (failed != null) {
      throw failed;
    }
    return updates.result(taken);
  }

  private void update() {
    try (Connection connection = DriverManager.getConnection(url);
        PreparedStatement update = connection.prepareStatement(sql)) {
      long due = System.nanoTime() + ThreadLocalRandom.current().nextLong(PERIOD_NANOS);
      while (going) {
        for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
          LockSupport.parkNanos(left);
        }
        update.setLong(1, 1 + ThreadLocalRandom.current().nextLong(rows));
        update.executeUpdate();
        nanos.add(System.nanoTime() - due);
        due += PERIOD_NANOS;
      }
    } catch (SQLException e) {
      failure = e;
    }
  }

  private Result result(long taken) {
    long[] sorted = nanos.stream().mapToLong(Long::longValue).toArray();
    Arrays.sort(sorted);
    return new Result(
        taken / 1e9,
        sorted[sorted.length / 2] / 1e6,
        sorted[(int) (sorted.length * 0.99)] / 1e6,
        sorted[sorted.length - 1] / 1e6);
  }
}

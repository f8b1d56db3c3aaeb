package io.whimbrel.executor.rehearsal;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * Ends a rehearsal whose time is up, or that nobody waits for any more, by cancelling whatever its
 * session is doing; again and again, as a script may catch that. It does not rely on settings of
 * the session, which a script may change.
 */
final class Alarm implements AutoCloseable {
  private static final long LOOK_MILLIS = 100;
  private static final long ASK_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final PGConnection connection;
  private final RehearsalLimits limits;
  private final long began = System.nanoTime();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread created = new Thread(work, "rehearsal-alarm");
            created.setDaemon(true);
            return created;
          });

  private volatile long statementBegan;
  private volatile boolean running;
  private volatile @Nullable String rang;
  private long asked = began;

  private Alarm(PGConnection connection, RehearsalLimits limits) {
    this.connection = connection;
    this.limits = limits;
  }

  static Alarm over(Connection connection, RehearsalLimits limits) throws SQLException {
    Alarm alarm = new Alarm(connection.unwrap(PGConnection.class), limits);
    var unused =
        alarm.thread.scheduleWithFixedDelay(
            alarm::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    return alarm;
  }

  void statementBegins() {
    statementBegan = System.nanoTime();
    running = true;
  }

  void statementEnds() {
    running = false;
  }

  /** Why it has ended the rehearsal; null if it has not. */
  @Nullable String rang() {
    return rang;
  }

  private void look() {
    if (rang == null) {
      rang = reason(System.nanoTime());
    }
    if (rang != null) {
      try {
        connection.cancelQuery();
      } catch (SQLException e) {
        // The session is gone, or the server is slow to take it; the next look tries again.
        return;
      }
    }
  }

  private @Nullable String reason(long now) {
    if (running && now - statementBegan > limits.statement().toNanos()) {
      return "a statement took longer than "
          + words(limits.statement())
          + " with no rows in the tables; raise whimbrel.rehearsal.statement-timeout if it has to";
    }
    if (now - began > limits.total().toNanos()) {
      return "it took longer than "
          + words(limits.total())
          + "; raise whimbrel.rehearsal.timeout if it has to";
    }
    if (now - asked > ASK_NANOS) {
      asked = now;
      return wanted() ? null : "the run has ended meanwhile";
    }
    return null;
  }

  private boolean wanted() {
    try {
      return limits.wanted().getAsBoolean();
    } catch (RuntimeException e) {
      // Who cannot say that it is not wanted is asked again.
      return true;
    }
  }

  private static String words(Duration limit) {
    return limit.toMillis() % 1000 == 0 ? limit.toSeconds() + " s" : limit.toMillis() + " ms";
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}

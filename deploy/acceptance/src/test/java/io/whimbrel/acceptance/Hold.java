package io.whimbrel.acceptance;

import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;

/**
 * Holds a lock on a target, so that whoever needs it stands still where the test wants it: at a
 * table, or at {@link #GATE} in a script.
 */
final class Hold implements AutoCloseable {
  /** A statement at which a script waits while the gate is shut. */
  static final String GATE = "select pg_advisory_xact_lock(4711)";

  private final TestTarget target;
  private final Connection connection;
  private final String pid;

  private Hold(TestTarget target, String lock) {
    this.target = target;
    this.connection = target.connect();
    try (Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute(lock);
      pid = Integer.toString(connection.unwrap(org.postgresql.PGConnection.class).getBackendPID());
    } catch (SQLException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  static Hold gate(TestTarget target) {
    return new Hold(target, GATE);
  }

  static Hold table(TestTarget target, String table) {
    return new Hold(target, "lock table " + table + " in access exclusive mode");
  }

  /** Returns once a session waits for this lock. */
  void awaitWaiter() {
    await("a session to wait for the lock")
        .atMost(Api.PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> !waiters("pid").isEmpty());
  }

  /**
   * The sessions that wait for this lock.
   *
   * @param column of pg_stat_activity
   */
  List<String> waiters(String column) {
    return target.query(
        "select "
            + column
            + " from pg_stat_activity where datname = current_database() and "
            + pid
            + " = any(pg_blocking_pids(pid))");
  }

  void open() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    open();
  }
}

package io.whimbrel.executor.forecast;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;
import org.jboss.logging.Logger;
import org.postgresql.PGConnection;

/** The wish that measurements end early; their statements are interrupted. */
final class Stop {
  private static final Logger LOG = Logger.getLogger(Stop.class);
  private static final String CANCELLED = "57014";

  private final Set<PGConnection> running = new HashSet<>();
  private boolean wanted;

  synchronized void now() {
    wanted = true;
    running.forEach(Stop::cancel);
  }

  private static void cancel(PGConnection session) {
    try {
      session.cancelQuery();
    } catch (SQLException e) {
      LOG.debugf("A session to be stopped was gone already, SQLSTATE %s", e.getSQLState());
    }
  }

  /**
   * A statement is about to run.
   *
   * @throws SQLException if it must not
   */
  synchronized void begins(Connection connection) throws SQLException {
    if (wanted) {
      throw new SQLException("the measurement was stopped", CANCELLED);
    }
    running.add(connection.unwrap(PGConnection.class));
  }

  /** Waits for a cancel request that is under way, so that it cannot hit what comes next. */
  synchronized void ended(Connection connection) throws SQLException {
    running.remove(connection.unwrap(PGConnection.class));
  }
}

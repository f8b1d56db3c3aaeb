package io.whimbrel.validation.check;

import io.whimbrel.target.Target;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.UUID;

/**
 * A read-only transaction on a target that sees one state of it throughout. Nothing is left of it
 * when it closes; if the service dies, the server ends it on its own.
 */
final class Snapshot implements AutoCloseable {

  private final Connection connection;

  private Snapshot(Connection connection) {
    this.connection = connection;
  }

  static Snapshot open(Target target, UUID runId, CheckConfig config) throws SQLException {
    Connection connection = target.connect(target.validator(), "whimbrel-validation:" + runId);
    try {
      prepare(connection, config);
      connection.setReadOnly(true);
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      connection.setAutoCommit(false);
      return new Snapshot(connection);
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  /** Settings are fixed here, whatever the role or the database has for defaults. */
  private static void prepare(Connection connection, CheckConfig config) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("set default_transaction_read_only = on");
      statement.execute("set statement_timeout = " + millis(config.statementTimeout()));
      statement.execute("set lock_timeout = " + millis(config.lockTimeout()));
      statement.execute("set idle_in_transaction_session_timeout = '60s'");
      statement.execute("set search_path = pg_catalog");
      statement.execute("set standard_conforming_strings = on");
      // Rows that a policy hides must fail the look, not pass it.
      statement.execute("set row_security = off");
    }
  }

  private static long millis(Duration duration) {
    return duration.toMillis();
  }

  Connection connection() {
    return connection;
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}

package io.whimbrel.executor.impact;

import io.whimbrel.executor.schema.Quoted;
import io.whimbrel.target.Target;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.stream.Collectors;

/**
 * A session that only reads a target, in short transactions, and neither waits long for a lock nor
 * lets anyone wait long. Nothing is left of it when it closes; if the service dies, the server ends
 * it on its own.
 */
final class ReadOnly implements AutoCloseable {
  private final Connection connection;

  private ReadOnly(Connection connection) {
    this.connection = connection;
  }

  static ReadOnly open(Target target, String applicationName, ImpactSettings settings)
      throws SQLException {
    Connection connection = target.connect(target.executor(), applicationName);
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "set default_transaction_read_only = on;"
              + ("set lock_timeout = " + settings.lockTimeout().toMillis() + ";")
              + ("set statement_timeout = " + settings.statementTimeout().toMillis() + ";")
              + "set idle_in_transaction_session_timeout = '60s';"
              + "set standard_conforming_strings = on;"
              // Rows that a policy hides must fail the look, not pass it.
              + "set row_security = off;"
              + ("set search_path = "
                  + target.schemas().stream().map(Quoted::name).collect(Collectors.joining(", "))));
      connection.setAutoCommit(false);
      return new ReadOnly(connection);
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  /** A look at the target. */
  interface Look<T> {
    T at(Connection connection) throws SQLException;
  }

  /** Looks in a transaction of its own, whose locks end with it. */
  <T> T look(Look<T> look) throws SQLException {
    try {
      return look.at(connection);
    } finally {
      connection.rollback();
    }
  }

  /** The same with another limit of time. */
  <T> T look(Duration limit, Look<T> look) throws SQLException {
    return look(
        within -> {
          try (Statement statement = within.createStatement()) {
            statement.execute("set local statement_timeout = " + Math.max(1, limit.toMillis()));
          }
          return look.at(within);
        });
  }

  /** By the target's clock. */
  Instant now() throws SQLException {
    return look(
        within -> {
          try (Statement statement = within.createStatement();
              ResultSet row = statement.executeQuery("select clock_timestamp()")) {
            row.next();
            return row.getObject(1, OffsetDateTime.class).toInstant();
          }
        });
  }

  int version() throws SQLException {
    return connection.getMetaData().getDatabaseMajorVersion();
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}

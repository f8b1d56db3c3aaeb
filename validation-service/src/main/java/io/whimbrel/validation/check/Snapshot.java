package io.whimbrel.validation.check;

import io.whimbrel.target.Target;
import io.whimbrel.validation.rule.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/**
 * One state of a target for all who read it: a read-only transaction that exports what it sees to
 * the connections that import it. Nothing is left of it when it closes; if the service dies, the
 * server ends it on its own.
 */
final class Snapshot implements AutoCloseable {

  private final Target target;
  private final String applicationName;
  private final CheckConfig config;
  private final Connection connection;
  private final String name;

  private Snapshot(Target target, String applicationName, CheckConfig config) throws SQLException {
    this.target = target;
    this.applicationName = applicationName;
    this.config = config;
    this.connection = connect();
    try {
      connection.setReadOnly(true);
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      connection.setAutoCommit(false);
      this.name = exported(connection);
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  static Snapshot open(Target target, UUID validation, CheckConfig config) throws SQLException {
    return new Snapshot(target, "whimbrel-validation:" + validation, config);
  }

  /** The transaction that exports, for the catalogue. Locks that it takes last to the end. */
  Connection connection() {
    return connection;
  }

  /** How other connections name the snapshot. */
  String name() {
    return name;
  }

  /** Another connection to the target, which is in no transaction yet; the caller closes it. */
  Connection connect() throws SQLException {
    Connection fresh = target.connect(target.validator(), applicationName);
    try {
      prepare(fresh, config);
      return fresh;
    } catch (SQLException e) {
      fresh.close();
      throw e;
    }
  }

  /**
   * A connection in a transaction on the snapshot, where names are sought in the target's schemas;
   * the caller closes it.
   *
   * @param timeout of a statement, if it is shorter than the configured one
   */
  Connection open(Duration timeout) throws SQLException {
    Connection fresh = connect();
    try (Statement statement = fresh.createStatement()) {
      fresh.setAutoCommit(false);
      statement.execute("set transaction isolation level repeatable read, read only");
      statement.execute("set transaction snapshot '" + name + "'");
      statement.execute(
          "set local statement_timeout = "
              + Math.max(1, Math.min(millis(timeout), millis(config.statementTimeout()))));
      statement.execute("set local search_path = " + Sql.list(target.schemas(), Sql::name));
      return fresh;
    } catch (SQLException e) {
      fresh.close();
      throw e;
    }
  }

  /**
   * Whether the target is under pressure, and why. Asking keeps the server from ending the
   * transaction while others work in its snapshot.
   */
  Optional<String> pressure() throws SQLException {
    return Pressure.read(connection, target.policy().throttle());
  }

  /** Settings are fixed here, whatever the role or the database has for defaults. */
  private static void prepare(Connection connection, CheckConfig config) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "set default_transaction_read_only = on;"
              + ("set statement_timeout = " + millis(config.statementTimeout()) + ";")
              + ("set lock_timeout = " + millis(config.lockTimeout()) + ";")
              + "set idle_in_transaction_session_timeout = '60s';"
              + "set search_path = pg_catalog;"
              + "set standard_conforming_strings = on;"
              // A condition is to be looked at, not derived from another that may not hold.
              + "set constraint_exclusion = off;"
              // Rows that a policy hides must fail the look, not pass it.
              + "set row_security = off");
    }
  }

  private static String exported(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("select pg_export_snapshot()")) {
      row.next();
      return row.getString(1);
    }
  }

  private static long millis(Duration duration) {
    return duration.toMillis();
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}

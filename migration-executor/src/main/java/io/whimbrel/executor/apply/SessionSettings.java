package io.whimbrel.executor.apply;

import io.whimbrel.executor.catalog.Refusal;
import io.whimbrel.target.Target;
import io.whimbrel.target.Timeouts;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.postgresql.PGConnection;

/** What every session of ours is set to, so that neither side waits long for one that is gone. */
final class SessionSettings {

  /** DISCARD ALL without the advisory locks, of which one is ours. */
  static final List<String> RESET =
      List.of(
          "close all",
          "set session authorization default",
          "reset all",
          "deallocate all",
          "unlisten *",
          "discard plans",
          "discard temp",
          "discard sequences");

  private static final Map<String, String> SETTINGS =
      Map.of(
          "tcp_keepalives_idle", "15",
          "tcp_keepalives_interval", "5",
          "tcp_keepalives_count", "3",
          "tcp_user_timeout", "30000",
          "client_connection_check_interval", "5s",
          // A script is read as if it were on, whatever the role or the database says.
          "standard_conforming_strings", "on");

  private SessionSettings() {}

  /** One statement that sets what this server knows of them; found once, as looking is slow. */
  static String statement(Target target, Connection connection) throws SQLException {
    List<String> calls = new ArrayList<>();
    Duration idle = target.policy().timeouts().idle();
    calls.add(timeout("idle_in_transaction_session_timeout", idle, false));
    String sql = "select name from pg_catalog.pg_settings where name = any (?) order by name";
    try (PreparedStatement query = connection.prepareStatement(sql)) {
      query.setArray(1, connection.createArrayOf("text", SETTINGS.keySet().toArray()));
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          String name = row.getString(1);
          calls.add("set_config('" + name + "', '" + SETTINGS.get(name) + "', false)");
        }
      }
    }
    return "select " + String.join(", ", calls);
  }

  /** What a query has to call to set the timeouts, for the transaction if local. */
  static String timeouts(Duration lock, Timeouts timeouts, boolean local) {
    return lockTimeout(lock, local)
        + ", "
        + timeout("statement_timeout", timeouts.statement(), local)
        + ", "
        + timeout("idle_in_transaction_session_timeout", timeouts.idle(), local);
  }

  static String lockTimeout(Duration time, boolean local) {
    return timeout("lock_timeout", time, local);
  }

  private static String timeout(String name, Duration value, boolean local) {
    return "set_config('" + name + "', '" + value.toMillis() + "ms', " + local + ")";
  }

  /**
   * The process of this session, after a look whether it is one process.
   *
   * @throws Refusal if transactions of one connection go to several server processes
   */
  static int requireOwnBackend(Target target, Connection connection) throws SQLException {
    int first = backend(connection);
    int announced = connection.unwrap(PGConnection.class).getBackendPID();
    if (first == announced) {
      return first;
    }
    // A proxy is in between. One that lends a server process for a transaction only lends ours, as
    // we are idle, to a second connection; one that lends it for the session does not.
    try (Connection second = target.connect(target.executor(), "whimbrel:probe")) {
      second.setAutoCommit(false);
      if (backend(second) == first || backend(connection) != first) {
        throw sharedSession(target);
      }
      second.rollback();
    }
    return first;
  }

  static Refusal sharedSession(Target target) {
    return new Refusal(
        "Target "
            + target.name()
            + " is behind a proxy that pools transactions, where a lock does not stay with its"
            + " owner; give the server's own address, or one where the proxy pools sessions");
  }

  static int backend(Connection connection) throws SQLException {
    String pid = Sql.text(connection, "select pg_backend_pid()");
    return pid == null ? 0 : Integer.parseInt(pid);
  }
}

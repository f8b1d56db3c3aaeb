package io.whimbrel.executor.apply;

import io.whimbrel.executor.catalog.Refusal;
import io.whimbrel.target.Target;
import io.whimbrel.target.Timeouts;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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

  /**
   * A parameter.
   *
   * @param since the version of PostgreSQL that has it first
   */
  private record Setting(String name, String value, int since) {}

  private static final List<Setting> SETTINGS =
      List.of(
          new Setting("tcp_keepalives_idle", "15", 9),
          new Setting("tcp_keepalives_interval", "5", 9),
          new Setting("tcp_keepalives_count", "3", 9),
          new Setting("tcp_user_timeout", "30000", 12),
          new Setting("client_connection_check_interval", "5s", 14),
          // A script is read as if it were on, whatever the role or the database says.
          new Setting("standard_conforming_strings", "on", 9));

  private SessionSettings() {}

  /** One statement that sets what a server of this version knows of them. */
  static String statement(Target target, Connection connection) throws SQLException {
    int version = connection.getMetaData().getDatabaseMajorVersion();
    List<String> calls = new ArrayList<>();
    Duration idle = target.policy().timeouts().idle();
    calls.add(timeout("idle_in_transaction_session_timeout", idle, false));
    SETTINGS.stream()
        .filter(setting -> setting.since() <= version)
        .forEach(
            setting ->
                calls.add(
                    "set_config('" + setting.name() + "', '" + setting.value() + "', false)"));
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

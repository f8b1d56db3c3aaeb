package io.whimbrel.executor.rehearsal;

import io.whimbrel.target.Login;
import io.whimbrel.target.RehearsalServer;
import io.whimbrel.target.Target;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * A database of its own, for one run, with the target's encoding and collation: on the target's
 * server, or on the one that the target is to be rehearsed on. It is dropped when it is closed.
 * After a crash, it is dropped when the same run makes it again, or any run makes one on that
 * server: the session that made it is named after its run, and when that session is gone, nobody
 * needs the database any more.
 */
public final class ScratchDatabase implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(ScratchDatabase.class);
  private static final String PREFIX = "whimbrel_rehearsal_";
  private static final String SESSION = "whimbrel-rehearsal:";
  private static final int ATTEMPTS = 5;

  /** Object in use; and no right to end a session, which force meets. */
  private static final Set<String> STILL_IN_USE = Set.of("55006", "42501");

  /**
   * Those whose makers are gone; a session inside of one, that a killed maker left, is no maker.
   */
  private static final String LEFT_BEHIND =
      """
      SELECT d.datname FROM pg_catalog.pg_database d
      WHERE d.datname ~ '^whimbrel_rehearsal_[0-9a-f]{32}$'
        AND pg_catalog.pg_has_role(d.datdba, 'USAGE')
        AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_activity a
          WHERE a.datname <> d.datname
            AND replace(a.application_name, '-', '')
              = 'whimbrelrehearsal:' || substr(d.datname, length('whimbrel_rehearsal_') + 1))
      """;

  /** The rehearsal server is not like the target's. */
  private static final class Unlike extends SQLException {
    private static final long serialVersionUID = 1;

    Unlike(int there, int target) {
      super(
          "the rehearsal server has PostgreSQL %d and the target %d; give it one of the same version"
              .formatted(there, target));
    }
  }

  private final Connection admin;
  private final boolean ownsAdmin;
  private final Target inside;
  private final Login login;
  private final String name;

  private ScratchDatabase(
      Connection admin, boolean ownsAdmin, Target inside, Login login, String name) {
    this.admin = admin;
    this.ownsAdmin = ownsAdmin;
    this.inside = inside;
    this.login = login;
    this.name = name;
  }

  /**
   * @param real a connection to the target, in autocommit mode; it stays the caller's, and may be
   *     named after the run
   * @throws SQLException if none can be made; {@link #reason} has it in words
   */
  public static ScratchDatabase create(Connection real, Target target, UUID run)
      throws SQLException {
    String name = PREFIX + run.toString().replace("-", "");
    RehearsalServer elsewhere = target.rehearsal();
    String url = elsewhere == null ? target.url() : elsewhere.url();
    Login login = elsewhere == null ? target.executor() : elsewhere.login();
    Connection admin = elsewhere == null ? real : target.at(url).connect(login, sessionName(run));
    var scratch =
        new ScratchDatabase(admin, elsewhere != null, target.at(within(url, name)), login, name);
    try {
      scratch.compare(real);
      scratch.make(run, Locale.of(real));
      return scratch;
    } catch (SQLException e) {
      scratch.close();
      throw e;
    }
  }

  private void compare(Connection real) throws SQLException {
    int there = admin.getMetaData().getDatabaseMajorVersion();
    int target = real.getMetaData().getDatabaseMajorVersion();
    if (there != target) {
      throw new Unlike(there, target);
    }
  }

  /** Why there is no scratch database, or it failed, as a part of a sentence. */
  public static String reason(SQLException e) {
    if (e instanceof Unlike) {
      return String.valueOf(e.getMessage());
    }
    return "42501".equals(e.getSQLState())
        ? "the role may not make a scratch database; grant it CREATEDB, or give the target a"
            + " rehearsal server in the targets file"
        : "the scratch database could not be made like the target, SQLSTATE " + e.getSQLState();
  }

  /** What the sessions of a rehearsal are called. */
  static String sessionName(UUID run) {
    return SESSION + run;
  }

  private void make(UUID run, Locale locale) throws SQLException {
    try (PreparedStatement named =
        admin.prepareStatement("SELECT pg_catalog.set_config('application_name', ?, false)")) {
      named.setString(1, sessionName(run));
      named.execute();
    }
    drop(name);
    sweep();
    try (Statement statement = admin.createStatement()) {
      statement.execute("CREATE DATABASE " + name + " TEMPLATE template0" + locale.clauses());
    }
  }

  private void sweep() throws SQLException {
    List<String> left = new ArrayList<>();
    try (Statement statement = admin.createStatement();
        ResultSet row = statement.executeQuery(LEFT_BEHIND)) {
      while (row.next()) {
        left.add(row.getString(1));
      }
    }
    for (String database : left) {
      LOG.infof(
          "Scratch database %s was left behind by a rehearsal that is gone; it is dropped",
          database);
      drop(database);
    }
  }

  public Connection connect(String applicationName) throws SQLException {
    return inside.connect(login, applicationName);
  }

  private static String within(String url, String database) {
    int query = url.indexOf('?');
    String address = query < 0 ? url : url.substring(0, query);
    String parameters = query < 0 ? "" : url.substring(query);
    return address.substring(0, address.lastIndexOf('/') + 1) + database + parameters;
  }

  /** What was learned in the database counts even if it stays, and the log names it then. */
  @Override
  public void close() {
    drop(name);
    if (ownsAdmin) {
      try {
        admin.close();
      } catch (SQLException e) {
        LOG.debugf("The session that made %s was gone already", name);
      }
    }
  }

  // A plain drop sends autovacuum away and waits five seconds for sessions that are ending; one
  // that stays, of an attempt that was killed say, is ended by force the next time. Force alone
  // would not do: it fails at an autovacuum worker, which only a superuser may end.
  private void drop(String database) {
    for (int attempt = 1; ; attempt++) {
      try (Statement statement = admin.createStatement()) {
        statement.execute(
            "DROP DATABASE IF EXISTS " + database + (attempt % 2 == 0 ? " WITH (FORCE)" : ""));
        return;
      } catch (SQLException e) {
        if (attempt == ATTEMPTS || !STILL_IN_USE.contains(e.getSQLState())) {
          LOG.warnf(
              "Scratch database %s for target %s could not be dropped, SQLSTATE %s; the next"
                  + " rehearsal on its server tries again",
              database, inside.name(), e.getSQLState());
          return;
        }
      }
    }
  }
}

package io.whimbrel.executor.rehearsal;

import io.whimbrel.executor.schema.Quoted;
import io.whimbrel.target.Target;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * A database of its own on the target's server, for one run, with the target's encoding and
 * collation. It is dropped when it is closed; after a crash, when the same run makes it again.
 */
public final class ScratchDatabase implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(ScratchDatabase.class);
  private static final int ATTEMPTS = 5;

  /** Object in use; and no right to end a session, which force meets. */
  private static final Set<String> STILL_IN_USE = Set.of("55006", "42501");

  private final Connection admin;
  private final Target target;
  private final String name;

  private ScratchDatabase(Connection admin, Target target, String name) {
    this.admin = admin;
    this.target = target;
    this.name = name;
  }

  /**
   * @param admin a connection to the target, in autocommit mode; it stays the caller's
   * @throws SQLException 42501 if the role may not create databases
   */
  public static ScratchDatabase create(Connection admin, Target target, UUID run)
      throws SQLException {
    String name = "whimbrel_rehearsal_" + run.toString().replace("-", "");
    var scratch = new ScratchDatabase(admin, target, name);
    scratch.close();
    try (Statement statement = admin.createStatement()) {
      statement.execute("CREATE DATABASE " + name + " TEMPLATE template0" + scratch.locale());
    }
    return scratch;
  }

  private String locale() throws SQLException {
    try (PreparedStatement query =
            admin.prepareStatement(
                "SELECT pg_catalog.pg_encoding_to_char(encoding), datcollate, datctype"
                    + " FROM pg_catalog.pg_database WHERE datname = current_database()");
        ResultSet row = query.executeQuery()) {
      row.next();
      return " ENCODING %s LC_COLLATE %s LC_CTYPE %s"
          .formatted(
              Quoted.literal(row.getString(1)),
              Quoted.literal(row.getString(2)),
              Quoted.literal(row.getString(3)));
    }
  }

  public Connection connect(String applicationName) throws SQLException {
    return inside().connect(target.executor(), applicationName);
  }

  private Target inside() {
    String url = target.url();
    int query = url.indexOf('?');
    String address = query < 0 ? url : url.substring(0, query);
    String parameters = query < 0 ? "" : url.substring(query);
    return target.at(address.substring(0, address.lastIndexOf('/') + 1) + name + parameters);
  }

  /**
   * Drops it. A plain drop sends autovacuum away and waits five seconds for sessions that are
   * ending; one that stays, of an attempt that was killed say, is ended by force the next time.
   * Force alone would not do: it fails at an autovacuum worker, which only a superuser may end.
   *
   * <p>What was learned in the database counts even if it stays, and the log names it then.
   */
  @Override
  public void close() {
    for (int attempt = 1; ; attempt++) {
      try (Statement statement = admin.createStatement()) {
        statement.execute(
            "DROP DATABASE IF EXISTS " + name + (attempt % 2 == 0 ? " WITH (FORCE)" : ""));
        return;
      } catch (SQLException e) {
        if (attempt == ATTEMPTS || !STILL_IN_USE.contains(e.getSQLState())) {
          LOG.warnf(
              "Scratch database %s on the server of target %s could not be dropped, SQLSTATE %s;"
                  + " drop it by hand",
              name, target.name(), e.getSQLState());
          return;
        }
      }
    }
  }
}

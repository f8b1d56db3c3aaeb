package io.whimbrel.executor.drift;

import io.whimbrel.executor.catalog.CopyData;
import io.whimbrel.executor.catalog.Refusal;
import io.whimbrel.executor.catalog.Script;
import io.whimbrel.executor.catalog.Statement;
import io.whimbrel.executor.catalog.StatementReader;
import io.whimbrel.executor.rehearsal.ServerWide;
import io.whimbrel.executor.schema.Quoted;
import io.whimbrel.target.Target;
import java.io.IOException;
import java.io.Reader;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.postgresql.PGConnection;

/**
 * Runs applied scripts again, from an empty database on. What a script changes of the whole server,
 * as a role, is never committed: it would be changed a second time.
 */
final class Replay {
  private final Connection connection;
  private final Target target;
  private final long end;

  Replay(Connection connection, Target target, Duration time) {
    this.connection = connection;
    this.target = target;
    this.end = System.nanoTime() + time.toNanos();
  }

  /**
   * @throws Refusal naming the script that does not run, or if there was no time for all
   */
  void of(List<Script> scripts) throws SQLException {
    execute("SET synchronous_commit = off");
    for (String schema : target.schemas()) {
      execute("CREATE SCHEMA IF NOT EXISTS " + Quoted.name(schema));
    }
    for (Script script : scripts) {
      if (System.nanoTime() - end > 0) {
        throw new Refusal("drift cannot be told, as there was no time to run all applied scripts");
      }
      run(script);
    }
    execute("RESET ROLE; RESET ALL");
  }

  private void run(Script script) throws SQLException {
    execute("RESET ROLE; RESET ALL; SET synchronous_commit = off");
    execute("SET search_path = " + Quoted.names(target.schemas()));
    connection.setAutoCommit(false);
    try {
      all(script);
      commit(script);
    } catch (SQLException e) {
      throw new Refusal(
          "drift cannot be told, as "
              + script.migration().script()
              + " does not run in an empty database, SQLSTATE "
              + e.getSQLState());
    } catch (IOException e) {
      throw new Refusal(script.migration().script() + " cannot be read");
    } finally {
      connection.rollback();
      connection.setAutoCommit(true);
    }
  }

  private void all(Script script) throws SQLException, IOException {
    try (StatementReader statements = script.statements()) {
      while (statements.hasNext()) {
        Statement statement = statements.next();
        if (script.transactional()) {
          execute(statement);
        } else {
          inItsOwn(script, statement);
        }
      }
    }
  }

  private void inItsOwn(Script script, Statement statement) throws SQLException, IOException {
    try {
      execute(statement);
      commit(script);
    } catch (SQLException e) {
      connection.rollback();
      if (!ServerWide.mayRunAlone(statement, e)) {
        throw e;
      }
      connection.setAutoCommit(true);
      execute(statement);
      connection.setAutoCommit(false);
    }
  }

  private void commit(Script script) throws SQLException {
    if (ServerWide.isChanged(connection)) {
      throw new Refusal(
          "drift cannot be told, as "
              + script.migration().script()
              + " changes roles, databases or settings of the whole server, which is not done"
              + " again");
    }
    connection.commit();
  }

  private void execute(Statement statement) throws SQLException, IOException {
    CopyData data = statement.copyData();
    if (data == null) {
      execute(statement.sql());
      return;
    }
    try (Reader lines = data.open()) {
      connection.unwrap(PGConnection.class).getCopyAPI().copyIn(statement.sql(), lines);
    }
  }

  private void execute(String sql) throws SQLException {
    try (java.sql.Statement statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      statement.execute(sql);
    }
  }
}

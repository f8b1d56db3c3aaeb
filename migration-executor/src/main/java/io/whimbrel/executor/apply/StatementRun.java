package io.whimbrel.executor.apply;

import io.whimbrel.executor.catalog.CopyData;
import io.whimbrel.executor.catalog.Statement;
import java.io.IOException;
import java.io.Reader;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.postgresql.PGConnection;
import org.postgresql.util.PSQLState;

/** Sends one statement, or several; a cancel reaches it, and who blocks it is watched. */
final class StatementRun {

  private static final int ROWS_AT_A_TIME = 500;

  private StatementRun() {}

  static long run(Application application, Statement statement) throws SQLException {
    ApplyListener listener = application.listener();
    listener.statement(statement.number(), application.script().count(), statement.line());
    return runQuietly(application, statement);
  }

  /** As {@link #run}, without telling the listener that a statement begins. */
  static long runQuietly(Application application, Statement statement) throws SQLException {
    Connection connection = application.session().connection();
    PGConnection driver = connection.unwrap(PGConnection.class);
    if (!application.cancel().starts(driver)) {
      throw new SQLException("Cancelled", SqlStates.CANCELLED);
    }
    SessionWatch.Watching watching =
        application.session().watch().watch(application.listener()::waiting);
    try {
      CopyData data = statement.copyData();
      return data == null
          ? execute(connection, statement.sql())
          : copy(driver, statement.sql(), data);
    } finally {
      watching.close();
      application.cancel().ended();
    }
  }

  /** Sends statements that return next to nothing in one message. */
  static Pipeline.Answer send(Application application, List<String> statements)
      throws SQLException {
    Connection connection = application.session().connection();
    if (!application.cancel().starts(connection.unwrap(PGConnection.class))) {
      throw new SQLException("Cancelled", SqlStates.CANCELLED);
    }
    SessionWatch.Watching watching =
        application.session().watch().watch(application.listener()::waiting);
    try {
      return Pipeline.send(connection, statements);
    } finally {
      watching.close();
      application.cancel().ended();
    }
  }

  private static long execute(Connection connection, String sql) throws SQLException {
    try (java.sql.Statement statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      statement.setFetchSize(ROWS_AT_A_TIME);
      if (statement.execute(sql)) {
        // Functions in a query have run for all rows only when all rows have been fetched.
        try (ResultSet result = statement.getResultSet()) {
          while (result.next()) {}
        }
        return 0;
      }
      return Math.max(0, statement.getLargeUpdateCount());
    }
  }

  private static long copy(PGConnection driver, String sql, CopyData data) throws SQLException {
    try (Reader lines = data.open()) {
      return driver.getCopyAPI().copyIn(sql, lines);
    } catch (IOException e) {
      throw new SQLException(
          "The connection broke during COPY", PSQLState.CONNECTION_FAILURE.getState(), e);
    }
  }
}

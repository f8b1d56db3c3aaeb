package io.whimbrel.executor.apply;

import io.whimbrel.executor.apply.Message.Kind;
import io.whimbrel.executor.apply.Message.Part;
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
    CopyData data = statement.copyData();
    Part part = new Part(statement.sql(), Kind.SCRIPT, statement, application);
    return attended(
        application,
        List.of(part),
        () ->
            data == null
                ? execute(connection, statement.sql())
                : copy(connection.unwrap(PGConnection.class), statement.sql(), data));
  }

  /** Sends statements that return next to nothing in one message. */
  static Pipeline.Answer send(Application application, List<Part> parts) throws SQLException {
    List<String> statements = parts.stream().map(Part::sql).toList();
    return attended(
        application, parts, () -> Pipeline.send(application.session().connection(), statements));
  }

  /** Something that is sent to PostgreSQL. */
  interface Sending<T> {
    T send() throws SQLException;
  }

  /** Sends, unless the script is cancelled, within reach of a cancel and of the watch. */
  static <T> T attended(Application application, Sending<T> sending) throws SQLException {
    return attended(application, List.of(), sending);
  }

  private static <T> T attended(Application application, List<Part> parts, Sending<T> sending)
      throws SQLException {
    Connection connection = application.session().connection();
    if (!application.cancel().starts(connection.unwrap(PGConnection.class))) {
      throw new SQLException("Cancelled", SqlStates.CANCELLED);
    }
    SessionWatch.Watching watching =
        application.session().watch().watch(new Attention(application, parts));
    try {
      return sending.send();
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

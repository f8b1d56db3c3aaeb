package io.whimbrel.executor.apply;

import io.whimbrel.executor.catalog.Script;
import io.whimbrel.executor.catalog.Statement;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One transaction of a script, from BEGIN to COMMIT. Whatever throws, the caller rolls back;
 * nothing of the transaction is left then.
 */
final class ScriptTransaction {

  private final Application application;
  private final TargetSession session;
  private final Connection connection;
  private @Nullable Statement at;

  ScriptTransaction(Application application) {
    this.application = application;
    this.session = application.session();
    this.connection = session.connection();
  }

  /** Begins, with the fence checked, and the script's settings for this transaction only. */
  void begin(Duration lockTimeout) throws SQLException, StaleFence {
    at = null;
    session.begin();
    set(lockTimeout);
  }

  /**
   * Runs a statement of the script.
   *
   * @return the rows it inserted, updated and deleted
   */
  long run(Statement statement) throws SQLException {
    at = statement;
    return StatementRun.run(application, statement);
  }

  /** What fails from now on belongs to this statement, which the caller runs itself. */
  void at(Statement statement) {
    at = statement;
  }

  /** What does not hold: a deferred constraint throws, a verify query is told. */
  Optional<String> verify() throws SQLException {
    Sql.execute(connection, "set constraints all immediate");
    at = null;
    setSearchPath();
    for (String query : application.script().headers().verify()) {
      if (!holds(query)) {
        return Optional.of("A verify query of the script did not return true");
      }
    }
    return Optional.empty();
  }

  /** Adds the history row, as ourselves again whatever role the script took on. */
  void record(Duration executionTime) throws SQLException {
    at = null;
    Sql.execute(connection, "set session authorization default");
    Sql.execute(connection, "reset all");
    set(application.lockTimeout());
    application.history().record(connection, application.script(), executionTime);
  }

  /**
   * Runs the caller's hook, tells the transaction's identifier, and commits.
   *
   * @return false if the script was cancelled before COMMIT was sent
   */
  boolean commitLast() throws SQLException {
    application.hooks().beforeCommit(connection);
    String xid = Sql.text(connection, "select cast(pg_current_xact_id() as text)");
    application.listener().aboutToCommit(xid == null ? "" : xid);
    return commit();
  }

  /**
   * Commits.
   *
   * @return false if the script was cancelled before COMMIT was sent
   */
  boolean commit() throws SQLException {
    if (!application.cancel().commits()) {
      return false;
    }
    try {
      session.commit();
    } finally {
      application.cancel().committed();
    }
    return true;
  }

  /**
   * The script's settings for a statement outside a transaction. It may wait for locks without end:
   * it holds up no reader or writer meanwhile, and waits for every older transaction anyway.
   */
  void settingsOutside() throws SQLException {
    Sql.set(connection, "lock_timeout", "0", false);
    long statementTimeout = application.policy().statementTimeout().toMillis();
    Sql.set(connection, "statement_timeout", statementTimeout + "ms", false);
    Sql.set(connection, "search_path", searchPath(), false);
  }

  private void set(Duration lockTimeout) throws SQLException {
    Sql.set(connection, "lock_timeout", lockTimeout.toMillis() + "ms", true);
    long statementTimeout = application.policy().statementTimeout().toMillis();
    Sql.set(connection, "statement_timeout", statementTimeout + "ms", true);
    setSearchPath();
  }

  private void setSearchPath() throws SQLException {
    Sql.set(connection, "search_path", searchPath(), true);
  }

  // As Flyway: the target's schemas, then what the role's own search path has.
  private String searchPath() throws SQLException {
    String own =
        Sql.text(
            connection, "select reset_val from pg_catalog.pg_settings where name = 'search_path'");
    return Stream.concat(
            session.target().schemas().stream().map(Sql::name),
            Stream.ofNullable(own).filter(text -> !text.isBlank()))
        .collect(Collectors.joining(", "));
  }

  private boolean holds(String query) throws SQLException {
    try (java.sql.Statement statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      if (!statement.execute(query)) {
        return false;
      }
      try (ResultSet result = statement.getResultSet()) {
        return result.next() && result.getBoolean(1) && !result.next();
      }
    }
  }

  /** What went wrong at the present statement. */
  ApplyFailure failure(SQLException e) {
    return Failures.of(application, at, e);
  }

  /** A verify query did not hold. */
  ApplyFailure failure(String message) {
    Script script = application.script();
    return new ApplyFailure(null, message, script.migration().script(), 0, 0, List.of());
  }
}

package io.whimbrel.executor.apply;

import io.whimbrel.executor.apply.Message.Kind;
import io.whimbrel.executor.apply.Message.Part;
import io.whimbrel.executor.catalog.Script;
import io.whimbrel.executor.catalog.Statement;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One transaction of a script, or of several, from BEGIN to COMMIT. What needs no answer waits, and
 * goes to PostgreSQL in one message with what follows. Whatever throws, the caller rolls back;
 * nothing of the transaction is left then.
 */
final class ScriptTransaction {

  private static final String OWN_TIME =
      "cast(extract(epoch from clock_timestamp() - now()) * 1000 as integer)";

  private static final String AS_OURSELVES = "set local role none";

  private final TargetSession session;
  private final Connection connection;
  private final Message waiting = new Message();
  private final IdentityHashMap<Application, Tally> tallies = new IdentityHashMap<>();
  private Application application;
  private long counted;
  private @Nullable Statement at;
  private @Nullable String xid;

  ScriptTransaction(Application application) {
    this.application = application;
    this.session = application.session();
    this.connection = session.connection();
  }

  /** Begins, with the fence checked, and the script's settings for this transaction only. */
  void begin(Duration lockTimeout) throws SQLException, StaleFence {
    open(lockTimeout);
    flush();
  }

  /**
   * As {@link #begin}, for a later transaction of a script whose session keeps what the script has
   * set in it; the fence is checked as ourselves, whatever role the script has taken on.
   */
  void beginNext(Duration lockTimeout) throws SQLException, StaleFence {
    at = null;
    waiting.take();
    connection.setAutoCommit(false);
    add("set transaction read write", Kind.SETTING);
    add("select set_config('whimbrel.role', current_setting('role'), true)", Kind.SETTING);
    add(AS_OURSELVES, Kind.SETTING);
    session.fence().forEach(sql -> add(sql, Kind.FENCE));
    add(
        "select set_config('role', current_setting('whimbrel.role'), true), "
            + SessionSettings.lockTimeout(lockTimeout, true),
        Kind.SETTING);
    flush();
  }

  /** Sets the session to what {@link #beginNext} relies on. */
  void keepSettings(Duration lockTimeout) throws SQLException {
    Sql.text(
        connection,
        "select "
            + SessionSettings.timeouts(lockTimeout, application.timeouts(), false)
            + ", set_config('search_path', "
            + Sql.literal(session.searchPath())
            + ", false)");
  }

  /** What follows in the transaction is not the script's, whose role may not be allowed it. */
  static void asOurselves(Connection connection) throws SQLException {
    Sql.execute(connection, AS_OURSELVES);
  }

  /** As {@link #begin}, in one message with what follows; the fence is the first in it. */
  void open(Duration lockTimeout) throws SQLException {
    at = null;
    xid = null;
    waiting.take();
    tallies.clear();
    connection.setAutoCommit(false);
    session.fence().forEach(sql -> add(sql, Kind.FENCE));
    settings(lockTimeout, session.asReset());
    session.used();
  }

  /**
   * Goes on with another script, after {@link #takeBack}.
   *
   * @param lockTimeout null if what is left to do needs none
   */
  void turnTo(Application next, @Nullable Duration lockTimeout) {
    application = next;
    at = null;
    if (lockTimeout != null) {
      settings(lockTimeout, true);
    }
  }

  /** What is known of one of the scripts when all is sent. */
  static final class Tally {
    private long rows;
    private long millis;

    ApplyResult.Applied applied() {
      return new ApplyResult.Applied(Duration.ofMillis(millis), rows, Duration.ZERO);
    }
  }

  Tally tally(Application of) {
    return tallies.computeIfAbsent(of, application -> new Tally());
  }

  /**
   * Runs a statement of the script, with what waits before it.
   *
   * @return the rows that they inserted, updated and deleted
   */
  long run(Statement statement) throws SQLException {
    long before = flush();
    at = statement;
    long rows = StatementRun.run(application, statement);
    tally(application).rows += rows;
    return before + rows;
  }

  /** What fails from now on belongs to this statement, which the caller runs itself. */
  void at(Statement statement) {
    at = statement;
  }

  /**
   * Runs a statement of the script, perhaps later, together with others.
   *
   * @return the rows that were changed by what has run by now and had not been counted
   */
  long add(Statement statement) throws SQLException {
    if (!Message.canTake(statement)) {
      return run(statement);
    }
    long rows = waiting.isFullFor(statement) ? flush() : 0;
    if (!waiting.holdsScript()) {
      application
          .listener()
          .statement(statement.number(), application.script().count(), statement.line());
    }
    waiting.add(statement, application);
    at = statement;
    return rows;
  }

  /** Runs the caller's hook at the beginning. */
  void afterBegin() throws SQLException {
    StatementRun.attended(
        application,
        () -> {
          application.hooks().afterBegin(connection);
          return true;
        });
  }

  /** What does not hold: a deferred constraint throws, a verify query is told. */
  Optional<String> verify() throws SQLException {
    waiting.add(new Part("set constraints all immediate", Kind.SETTING, at, application));
    List<String> queries = application.script().headers().verify();
    if (queries.isEmpty()) {
      return Optional.empty();
    }
    add(session.searchPathSetting(), Kind.SETTING);
    counted = flush();
    at = null;
    for (String query : queries) {
      if (!StatementRun.attended(application, () -> holds(query))) {
        return Optional.of("A verify query of the script did not return true");
      }
    }
    return Optional.empty();
  }

  /** Adds the history row, as ourselves again whatever role the script took on. */
  void record(Duration executionTime) throws SQLException {
    record(Long.toString(Math.min(executionTime.toMillis(), Integer.MAX_VALUE)));
  }

  /**
   * As {@link #record(Duration)}, with the time since BEGIN by the clock of the target.
   *
   * @return as {@link #add}
   */
  long record() throws SQLException {
    return record(OWN_TIME);
  }

  private long record(String executionMillis) throws SQLException {
    if (application.hooks().hasBeforeRecord()) {
      counted += flush();
      StatementRun.attended(
          application,
          () -> {
            application.hooks().beforeRecord(connection);
            return true;
          });
    }
    if (takesBack()) {
      takeBack();
    } else {
      add("set session authorization default", Kind.SETTING);
      add("reset all", Kind.SETTING);
      settings(application.timeouts().lock(), false);
    }
    add(
        application.history().insertion(connection, application.script(), executionMillis),
        Kind.HISTORY);
    long rows = counted + flush();
    counted = 0;
    at = null;
    return rows;
  }

  /**
   * As {@link #record()}, for one of several scripts; sent with what follows.
   *
   * @param ahead how many of them have their rows already
   */
  void recordFurther(int ahead) throws SQLException {
    // What can be deferred is for the next script, as it would be in a transaction of its own.
    add("set constraints all deferred", Kind.SETTING);
    takeBack();
    add(
        ahead == 0
            ? application.history().insertion(connection, application.script(), OWN_TIME)
            : application.history().further(connection, application.script(), ahead),
        Kind.HISTORY);
    at = null;
  }

  /** Takes back what the script has set in the session. */
  void takeBack() {
    session.resetting().forEach(sql -> add(sql, Kind.SETTING));
  }

  /**
   * Runs the caller's hook, tells the transaction's identifier, and commits.
   *
   * @return false if the script was cancelled before COMMIT was sent
   */
  boolean commitLast() throws SQLException {
    return commitLast(List.of(application.script()));
  }

  /** As {@link #commitLast()}, for all scripts that have their rows. */
  boolean commitLast(List<Script> recorded) throws SQLException {
    flush();
    StatementRun.attended(
        application,
        () -> {
          application.hooks().beforeCommit(connection);
          return true;
        });
    CrashPoint.TRANSACTION_NAMED.before();
    application.listener().aboutToCommit(xid == null ? "" : xid);
    CrashPoint.TRANSACTION_NAMED.after();
    boolean committed = commit(CrashPoint.LAST_COMMIT);
    if (committed) {
      recorded.forEach(application.history()::added);
      if (takesBack()) {
        session.resetCommitted();
      }
    }
    return committed;
  }

  // Nothing of the script runs after its history row, except perhaps the callers' part.
  private boolean takesBack() {
    return application.hooks() == InTransaction.NOTHING;
  }

  /**
   * Commits.
   *
   * @return false if the script was cancelled before COMMIT was sent
   */
  boolean commit(CrashPoint point) throws SQLException {
    flush();
    if (!application.cancel().commits()) {
      return false;
    }
    try {
      session.commit(point);
    } finally {
      application.cancel().committed();
    }
    return true;
  }

  /**
   * Sends what waits.
   *
   * @return the rows that the script's statements among it changed
   * @throws FenceNotHeld if the fence is not ours; nothing after it has run
   */
  long flush() throws SQLException {
    if (waiting.isEmpty()) {
      return 0;
    }
    List<Part> sent = waiting.take();
    Pipeline.Answer answer = StatementRun.send(application, sent);
    if (answer.failure() != null) {
      throw failed(sent.get(Math.min(answer.completed(), sent.size() - 1)), answer.failure());
    }
    long rows = 0;
    for (int i = 0; i < sent.size(); i++) {
      Part part = sent.get(i);
      if (part.kind() == Kind.SCRIPT) {
        rows += answer.counts().get(i);
        tally(part.of()).rows += answer.counts().get(i);
      } else if (part.kind() == Kind.HISTORY) {
        String[] told = Objects.requireNonNull(answer.texts().get(i)).split(" ", 2);
        xid = told[0];
        tally(part.of()).millis = Long.parseLong(told[1]);
      }
    }
    return rows;
  }

  private SQLException failed(Part part, SQLException e) {
    at = part.statement();
    application = part.of();
    if (part.kind() == Kind.FENCE && SqlStates.of(e).equals(SqlStates.DIVISION_BY_ZERO)) {
      return new FenceNotHeld(e);
    }
    if (part.kind() == Kind.HISTORY && SqlStates.of(e).equals(SqlStates.UNIQUE_VIOLATION)) {
      application.history().forget();
      return new SQLException(
          "Another has written to the schema history", SqlStates.SERIALIZATION_FAILURE, e);
    }
    return e;
  }

  /** The fence's row is not ours; {@link TargetSession#begin} says why. */
  static final class FenceNotHeld extends SQLException {
    private static final long serialVersionUID = 1;

    FenceNotHeld(SQLException cause) {
      super(cause);
    }
  }

  private void settings(Duration lockTimeout, boolean asReset) {
    session
        .settings(lockTimeout, application.timeouts(), asReset)
        .ifPresent(sql -> add(sql, Kind.SETTING));
  }

  private void add(String sql, Kind kind) {
    waiting.add(new Part(sql, kind, null, application));
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

package io.whimbrel.executor.apply;

import io.whimbrel.executor.apply.Message.Kind;
import io.whimbrel.executor.catalog.Moment;
import io.whimbrel.executor.catalog.Script;
import io.whimbrel.executor.catalog.Statement;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One transaction of a script, or of several, from BEGIN to COMMIT. Whatever throws, the caller
 * rolls back; nothing of the transaction is left then.
 */
final class ScriptTransaction {

  private static final String OWN_TIME =
      "cast(extract(epoch from clock_timestamp() - now()) * 1000 as integer)";

  private static final String AS_OURSELVES = "set local role none";

  private final TargetSession session;
  private final Connection connection;
  private final Exchange exchange;
  private @Nullable Long writtenBefore;
  private @Nullable Long writtenBeforeAttempt;

  ScriptTransaction(Application application) {
    this.session = application.session();
    this.connection = session.connection();
    this.exchange = new Exchange(application);
  }

  /** Forgets an attempt that was rolled back. */
  void startOver() {
    exchange.startOver();
    writtenBeforeAttempt = null;
  }

  /** What the session had written before the first attempt at a later transaction of a script. */
  @Nullable Long writtenBefore() {
    return writtenBefore;
  }

  /** As {@link #writtenBefore}, before the present attempt. */
  @Nullable Long writtenBeforeAttempt() {
    return writtenBeforeAttempt;
  }

  /** Begins, with the fence checked, and the script's settings for this transaction only. */
  void begin(Duration lockTimeout) throws SQLException, StaleFence {
    open(lockTimeout);
    exchange.flush();
  }

  /**
   * As {@link #begin}, for a later transaction of a script whose session keeps its settings, see
   * {@link TargetSession#keepSettings}, and what the script has set in it; the fence is checked as
   * ourselves, whatever role the script has taken on.
   */
  void beginNext(Duration lockTimeout) throws SQLException, StaleFence {
    connection.setAutoCommit(false);
    set("set transaction read write");
    set("select set_config('whimbrel.role', current_setting('role'), true)");
    set(AS_OURSELVES);
    session.fence().forEach(sql -> exchange.add(sql, Kind.FENCE));
    if (session.wal().known()) {
      exchange.add(WrittenWal.TOTAL, Kind.WAL);
      set(WrittenWal.COUNT);
    }
    set(
        "select set_config('role', current_setting('whimbrel.role'), true), "
            + SessionSettings.lockTimeout(lockTimeout, true));
    exchange.flush();
    Long written = exchange.written();
    writtenBefore = writtenBefore == null ? written : writtenBefore;
    writtenBeforeAttempt = writtenBeforeAttempt == null ? written : writtenBeforeAttempt;
  }

  /** What follows in the transaction is not the script's, whose role may not be allowed it. */
  void asOurselves() throws SQLException {
    set(AS_OURSELVES);
    exchange.flush();
  }

  /** As {@link #begin}, in one message with what follows; the fence is the first in it. */
  void open(Duration lockTimeout) throws SQLException {
    connection.setAutoCommit(false);
    session.fence().forEach(sql -> exchange.add(sql, Kind.FENCE));
    settings(lockTimeout, session.asReset());
    session.used();
  }

  /**
   * Goes on with another script, after {@link #takeBack}.
   *
   * @param lockTimeout null if what is left to do needs none
   */
  void turnTo(Application next, @Nullable Duration lockTimeout) {
    exchange.turnTo(next);
    if (lockTimeout != null) {
      settings(lockTimeout, true);
    }
  }

  Exchange.Tally tally(Application of) {
    return exchange.tally(of);
  }

  /** The rows that the present script has changed. */
  long rows() {
    return exchange.tally(application()).rows();
  }

  /** Those statements of the present script that took longest. */
  SlowestStatements slowest() {
    return exchange.tally(application()).slowest();
  }

  /**
   * Runs a statement of the script, between the callbacks around it.
   *
   * @return the rows that it inserted, updated and deleted
   */
  long run(Statement statement) throws SQLException {
    callbacks(Moment.BEFORE_EACH_MIGRATE_STATEMENT);
    long rows = exchange.run(statement);
    callbacks(Moment.AFTER_EACH_MIGRATE_STATEMENT);
    return rows;
  }

  /** As {@link #run}, without callbacks, for one whose callbacks are in other transactions. */
  long runAlone(Statement statement) throws SQLException {
    return exchange.run(statement);
  }

  /** What fails from now on belongs to this statement, which the caller runs itself. */
  void at(Statement statement) {
    exchange.at(statement);
  }

  /** As {@link #run}, perhaps later, together with others. */
  void add(Statement statement) throws SQLException {
    callbacks(Moment.BEFORE_EACH_MIGRATE_STATEMENT);
    exchange.add(statement);
    callbacks(Moment.AFTER_EACH_MIGRATE_STATEMENT);
  }

  void callbacks(Moment moment) throws SQLException {
    exchange.callbacks(application().callbacks().at(moment));
  }

  /** What the caller does at the beginning, and the callbacks of the script that go before it. */
  void afterBegin() throws SQLException {
    if (application().hooks() != InTransaction.NOTHING) {
      exchange.flush();
      StatementRun.attended(
          application(),
          () -> {
            application().hooks().afterBegin(connection);
            return true;
          });
    }
    callbacks(Moment.BEFORE_EACH_MIGRATE);
  }

  /** What does not hold: a deferred constraint throws, a verify query is told. */
  Optional<String> verify() throws SQLException {
    exchange.addCheck("set constraints all immediate");
    List<String> queries = application().script().headers().verify();
    if (queries.isEmpty()) {
      return Optional.empty();
    }
    set(session.searchPathSetting());
    exchange.flush();
    exchange.atNone();
    for (String query : queries) {
      if (!StatementRun.attended(application(), () -> Sql.holds(connection, query))) {
        return Optional.of("A verify query of the script did not return true");
      }
    }
    return Optional.empty();
  }

  /** Adds the history row, as ourselves again whatever role the script took on. */
  void record(Duration executionTime) throws SQLException {
    record(Long.toString(Math.min(executionTime.toMillis(), Integer.MAX_VALUE)));
  }

  /** As {@link #record(Duration)}, with the time since BEGIN by the clock of the target. */
  void record() throws SQLException {
    record(OWN_TIME);
  }

  private void record(String executionMillis) throws SQLException {
    callbacks(Moment.AFTER_EACH_MIGRATE);
    if (takesBack()) {
      takeBack();
    } else {
      set("set session authorization default");
      set("reset all");
      settings(application().timeouts().lock(), false);
    }
    exchange.add(
        application().history().insertion(connection, application().script(), executionMillis),
        Kind.HISTORY);
    exchange.flush();
    exchange.atNone();
  }

  /**
   * As {@link #record()}, for one of several scripts; sent with what follows.
   *
   * @param ahead how many of them have their rows already
   */
  void recordFurther(int ahead) throws SQLException {
    callbacks(Moment.AFTER_EACH_MIGRATE);
    // What can be deferred is for the next script, as it would be in a transaction of its own.
    set("set constraints all deferred");
    takeBack();
    exchange.add(
        ahead == 0
            ? application().history().insertion(connection, application().script(), OWN_TIME)
            : application().history().further(connection, application().script(), ahead),
        Kind.HISTORY);
    exchange.atNone();
  }

  /** Takes back what the script has set in the session. */
  void takeBack() {
    session.resetting().forEach(this::set);
  }

  /**
   * Runs the caller's hook, tells the transaction's identifier, and commits.
   *
   * @return false if the script was cancelled before COMMIT was sent
   */
  boolean commitLast() throws SQLException {
    return commitLast(List.of(application().script()));
  }

  /** As {@link #commitLast()}, for all scripts that have their rows. */
  boolean commitLast(List<Script> recorded) throws SQLException {
    exchange.flush();
    StatementRun.attended(
        application(),
        () -> {
          application().hooks().beforeCommit(connection);
          return true;
        });
    CrashPoint.TRANSACTION_NAMED.before();
    application().listener().aboutToCommit(exchange.xid());
    CrashPoint.TRANSACTION_NAMED.after();
    boolean committed = commit(CrashPoint.LAST_COMMIT);
    if (committed) {
      recorded.forEach(application().history()::added);
      if (takesBack()) {
        session.resetCommitted();
      }
    }
    return committed;
  }

  // Nothing of the script runs after its history row, except perhaps the callers' part.
  private boolean takesBack() {
    return application().hooks() == InTransaction.NOTHING;
  }

  /**
   * Commits.
   *
   * @return false if the script was cancelled before COMMIT was sent
   */
  boolean commit(CrashPoint point) throws SQLException {
    exchange.flush();
    if (!application().cancel().commits()) {
      return false;
    }
    try {
      session.commit(point);
    } finally {
      application().cancel().committed();
    }
    return true;
  }

  void flush() throws SQLException {
    exchange.flush();
  }

  private Application application() {
    return exchange.present();
  }

  private void settings(Duration lockTimeout, boolean asReset) {
    session.settings(lockTimeout, application().timeouts(), asReset).ifPresent(this::set);
  }

  private void set(String sql) {
    exchange.add(sql, Kind.SETTING);
  }

  /** What went wrong at the present statement. */
  ApplyFailure failure(SQLException e) {
    return exchange.failure(e);
  }

  /** A verify query did not hold. */
  ApplyFailure failure(String message) {
    return Failures.of(application(), message);
  }
}

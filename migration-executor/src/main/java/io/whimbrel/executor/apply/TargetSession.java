package io.whimbrel.executor.apply;

import io.whimbrel.executor.catalog.Refusal;
import io.whimbrel.target.Target;
import io.whimbrel.target.Timeouts;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * The one session that may change a target. It holds an advisory lock of the database and has put
 * its token into the fence, a row that every transaction locks and checks first. A session whose
 * token is no longer there cannot commit, whatever it believes; one that is gone leaves nothing
 * behind, as PostgreSQL rolls back its transaction and releases its lock.
 */
public final class TargetSession implements AutoCloseable {

  private static final Duration SILENCE = Duration.ofMinutes(1);

  private final Target target;
  private final Connection connection;
  private final long token;
  private final SessionWatch watch;
  private final String searchPath;
  private final KnownHistory history;
  private final String scriptSettings;
  private final List<String> reset;
  private final WrittenWal wal;
  // The short lock timeout of a script is not for the claim, so it is not set from the start.
  private boolean asReset;

  private TargetSession(
      Target target,
      Connection connection,
      long token,
      SessionWatch watch,
      String searchPath,
      String settings,
      String scriptSettings)
      throws SQLException {
    this.target = target;
    this.connection = connection;
    this.token = token;
    this.watch = watch;
    this.searchPath = searchPath;
    this.history = new KnownHistory(target);
    this.reset = new ArrayList<>(SessionSettings.RESET);
    reset.add(settings + ", " + TargetLock.ONLY_OURS);
    this.wal = new WrittenWal(connection);
    if (wal.counted()) {
      reset.add(WrittenWal.COUNT);
    }
    this.scriptSettings = scriptSettings;
  }

  /**
   * Waits for the target and takes it.
   *
   * @param run named in {@code pg_stat_activity} as {@code whimbrel:<run>}
   * @param token greater than that of any claim before; a session of ours that holds the target
   *     with a smaller one is ended
   * @param patience how long to wait for another holder
   * @throws TargetBusy naming the holder, if it is none of ours, or has not gone in time
   * @throws StaleFence if the target has been claimed with a greater token
   * @throws Refusal if the role lacks a right that it needs, or a proxy shares sessions
   * @throws SQLException if the target cannot be reached
   */
  public static TargetSession open(Target target, String run, long token, Duration patience)
      throws SQLException, TargetBusy, StaleFence {
    String application = "whimbrel:" + run;
    Connection connection = target.connect(target.executor(), application);
    try {
      // Resetting the session drops prepared statements, so the driver must not keep any.
      PGConnection driver = connection.unwrap(PGConnection.class);
      driver.setPrepareThreshold(0);
      int pid = SessionSettings.requireOwnBackend(target, connection);
      String searchPath = searchPath(target, connection);
      Timeouts timeouts = target.policy().timeouts();
      // As the first attempt of a script needs it.
      Duration lockTimeout = new LockRetry(timeouts.lock(), Duration.ZERO).timeout();
      String scriptSettings = scriptSettings(lockTimeout, timeouts, searchPath, false);
      String settings = SessionSettings.statement(target, connection);
      Sql.execute(connection, settings);
      TargetLock.take(target, connection, token, patience);
      Fence.prepare(target, connection);
      Fence.raise(target, connection, run, token);
      return new TargetSession(
          target,
          connection,
          token,
          new SessionWatch(target, application, connection, pid, SILENCE),
          searchPath,
          settings + ", " + scriptSettings,
          scriptSettings);
    } catch (SQLException | TargetBusy | StaleFence | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  public Target target() {
    return target;
  }

  /** Outside a transaction it is in autocommit mode. */
  public Connection connection() {
    return connection;
  }

  /**
   * Begins a transaction and checks the fence in it.
   *
   * @throws StaleFence if another session has claimed the target since; nothing is open then
   */
  public void begin() throws SQLException, StaleFence {
    connection.setAutoCommit(false);
    try {
      Fence.check(target, connection, token);
    } catch (SQLException | StaleFence e) {
      rollback();
      throw e;
    }
  }

  /**
   * COMMIT, a round trip of its own.
   *
   * @param point where a test may let the process die
   */
  public void commit(CrashPoint point) throws SQLException {
    point.before();
    connection.commit();
    connection.setAutoCommit(true);
    point.after();
  }

  /** Ends the transaction, if there is one; says nothing if the connection is lost. */
  public void rollback() {
    try {
      if (!connection.getAutoCommit()) {
        connection.rollback();
        connection.setAutoCommit(true);
      }
    } catch (SQLException e) {
      // A lost connection has rolled back by itself, and whatever is tried next will say so.
      return;
    }
  }

  /**
   * What became of a transaction of which only the identifier is known.
   *
   * @param xid as given to {@link ApplyListener#aboutToCommit}
   * @return {@code committed}, {@code aborted}, {@code in progress}; null if it is too old to tell
   */
  public @Nullable String transactionStatus(String xid) throws SQLException {
    return Sql.text(connection, "select pg_xact_status(cast(? as xid8))", xid);
  }

  /** Statements that a transaction begins with, in place of {@link #begin}. */
  List<String> fence() {
    return asReset
        ? List.of(Fence.checks(token))
        : List.of("set local lock_timeout = '10s'", Fence.checks(token));
  }

  /**
   * What a script has to be given in its transaction: nothing if it wants what the session is set
   * to, the first attempt by the target's policy.
   *
   * @param asReset whether nothing has run since the session was reset
   */
  Optional<String> settings(Duration lockTimeout, Timeouts timeouts, boolean asReset) {
    boolean standing =
        scriptSettings(lockTimeout, timeouts, searchPath, false).equals(scriptSettings);
    return asReset && standing
        ? Optional.empty()
        : Optional.of("select " + scriptSettings(lockTimeout, timeouts, searchPath, true));
  }

  /** Gives the session the settings of a script until it is reset, not for one transaction only. */
  void keepSettings(Duration lockTimeout, Timeouts timeouts) throws SQLException {
    String count = wal.known() ? WrittenWal.COUNT + ", " : "select ";
    Sql.text(connection, count + scriptSettings(lockTimeout, timeouts, searchPath, false));
  }

  private static String scriptSettings(
      Duration lockTimeout, Timeouts timeouts, String searchPath, boolean local) {
    return SessionSettings.timeouts(lockTimeout, timeouts, local)
        + ", set_config('search_path', %s, %s)".formatted(Sql.literal(searchPath), local);
  }

  boolean asReset() {
    return asReset;
  }

  /** Something that may change the session is going to be run. */
  void used() {
    asReset = false;
  }

  /** What takes back what a script has set in the session; also inside its transaction. */
  List<String> resetting() {
    return reset;
  }

  /** {@link #resetting} was committed, as the last of its transaction. */
  void resetCommitted() {
    asReset = true;
  }

  /** How much WAL the session writes, between resets. */
  public WrittenWal wal() {
    return wal;
  }

  KnownHistory history() {
    return history;
  }

  String searchPath() {
    return searchPath;
  }

  /** A query that sets it for a transaction. */
  String searchPathSetting() {
    return "select set_config('search_path', " + Sql.literal(searchPath) + ", true)";
  }

  // As Flyway: the target's schemas, then what the role's own search path has, which is still that
  // of a session that is new.
  private static String searchPath(Target target, Connection connection) throws SQLException {
    String own = Sql.text(connection, "select current_setting('search_path')");
    return Stream.concat(
            target.schemas().stream().map(Sql::name),
            Stream.ofNullable(own).filter(text -> !text.isBlank()))
        .collect(Collectors.joining(", "));
  }

  SessionWatch watch() {
    return watch;
  }

  /**
   * Takes back what a script has set in the session, unless its own transaction has: role,
   * parameters, temporary tables, prepared statements, listening. The lock stays, or is taken again
   * if the script let go of it.
   */
  void reset() throws SQLException, StaleFence {
    if (asReset) {
      return;
    }
    List<String> message = new ArrayList<>(reset);
    message.add(TargetLock.TRY);
    Pipeline.Answer answer = Pipeline.send(connection, message);
    if (answer.failure() != null) {
      throw answer.failure();
    }
    if (!"true".equals(answer.text())) {
      throw lockLost();
    }
    asReset = true;
  }

  /**
   * Takes the lock again if a script let go of it.
   *
   * @throws StaleFence if another has it now
   */
  void requireLock() throws SQLException, StaleFence {
    if (!TargetLock.tryTake(connection)) {
      throw lockLost();
    }
  }

  private StaleFence lockLost() {
    return new StaleFence(
        "A script released the lock on target " + target.name() + ", and another has it now");
  }

  /** Lets go of the target. */
  @Override
  public void close() {
    watch.close();
    try {
      connection.close();
    } catch (SQLException e) {
      // The server ends a session whose client is gone.
      return;
    }
  }
}

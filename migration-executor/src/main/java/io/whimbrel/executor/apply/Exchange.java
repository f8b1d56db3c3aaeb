package io.whimbrel.executor.apply;

import io.whimbrel.executor.apply.Message.Kind;
import io.whimbrel.executor.apply.Message.Part;
import io.whimbrel.executor.catalog.Script;
import io.whimbrel.executor.catalog.Statement;
import io.whimbrel.executor.catalog.StatementReader;
import java.sql.SQLException;
import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What waits to be sent to PostgreSQL in a transaction, what has come back, and where in which
 * script it is. What needs no answer waits, and goes in one message with what follows.
 */
final class Exchange {

  private final Application first;
  private final Message waiting = new Message();
  private final IdentityHashMap<Application, Tally> tallies = new IdentityHashMap<>();
  private Application present;
  private Place place;
  private String xid = "";
  private @Nullable Long written;

  Exchange(Application application) {
    this.first = application;
    this.present = application;
    this.place = new Place(application, null);
  }

  /** Whom a failure belongs to. */
  private record Place(Application of, @Nullable Statement statement) {}

  /** What is known of one of the scripts when all is sent. */
  static final class Tally {
    private final SlowestStatements slowest = new SlowestStatements();
    private long rows;
    private long millis;

    long rows() {
      return rows;
    }

    SlowestStatements slowest() {
      return slowest;
    }

    ApplyResult.Applied applied() {
      return new ApplyResult.Applied(
          Duration.ofMillis(millis), rows, Duration.ZERO, slowest.inOrder());
    }

    private void ran(Statement statement, long nanos, boolean shared, long changed) {
      rows += changed;
      slowest.add(
          new StatementFigures(
              statement.number(), TimeUnit.NANOSECONDS.toMillis(nanos), shared, changed, null));
    }
  }

  /** Forgets what a transaction before has sent and what it has not. */
  void startOver() {
    waiting.take();
    tallies.clear();
    xid = "";
    turnTo(first);
  }

  /** What follows belongs to this script. */
  void turnTo(Application next) {
    present = next;
    atNone();
  }

  /** What fails from now on belongs to this statement. */
  void at(Statement statement) {
    place = new Place(present, statement);
  }

  /** What fails from now on belongs to none of the statements. */
  void atNone() {
    place = new Place(present, null);
  }

  Application present() {
    return present;
  }

  Tally tally(Application of) {
    return tallies.computeIfAbsent(of, application -> new Tally());
  }

  /** The transaction's identifier; empty if no history row has told it. */
  String xid() {
    return xid;
  }

  /** What the session had written when it was last asked; null if it was not, or is not known. */
  @Nullable Long written() {
    return written;
  }

  void add(String sql, Kind kind) {
    waiting.add(new Part(sql, kind, null, present));
  }

  /** As {@link #add}, for a check whose failure belongs to the statement before it. */
  void addCheck(String sql) {
    waiting.add(new Part(sql, Kind.SETTING, place.statement(), place.of()));
  }

  /** Runs a statement of the script, perhaps later, together with others. */
  void add(Statement statement) throws SQLException {
    if (!Message.canTake(statement)) {
      run(statement);
      return;
    }
    makeRoom(statement);
    if (!waiting.holdsScript()) {
      present.listener().statement(statement.number(), present.script().count(), statement.line());
    }
    waiting.add(new Part(statement.sql(), Kind.SCRIPT, statement, present));
    at(statement);
  }

  /**
   * Runs a statement of the script, with what waits before it.
   *
   * @return the rows that it inserted, updated and deleted
   */
  long run(Statement statement) throws SQLException {
    flush();
    at(statement);
    long began = System.nanoTime();
    long rows = StatementRun.run(present, statement);
    tally(present).ran(statement, System.nanoTime() - began, false, rows);
    return rows;
  }

  /** Runs callbacks of the script, perhaps later, together with what follows. */
  void callbacks(List<Script> callbacks) throws SQLException {
    for (Script callback : callbacks) {
      Place before = place;
      Application of = present.of(callback);
      try (StatementReader statements = callback.statements()) {
        while (statements.hasNext()) {
          callback(of, statements.next());
        }
      }
      place = before;
    }
  }

  private void callback(Application of, Statement statement) throws SQLException {
    if (Message.canTake(statement)) {
      makeRoom(statement);
      waiting.add(new Part(statement.sql(), Kind.CALLBACK, statement, of));
      return;
    }
    flush();
    place = new Place(of, statement);
    StatementRun.runQuietly(of, statement);
  }

  private void makeRoom(Statement statement) throws SQLException {
    if (waiting.isFullFor(statement)) {
      flush();
    }
  }

  /**
   * Sends what waits.
   *
   * @throws FenceNotHeld if the fence is not ours; nothing after it has run
   */
  void flush() throws SQLException {
    if (waiting.isEmpty()) {
      return;
    }
    List<Part> sent = waiting.take();
    long began = System.nanoTime();
    Pipeline.Answer answer = StatementRun.send(present, sent);
    long nanos = System.nanoTime() - began;
    if (answer.failure() != null) {
      throw failed(sent.get(Math.min(answer.completed(), sent.size() - 1)), answer.failure());
    }
    boolean shared = sent.stream().filter(Part::ofAuthor).count() > 1;
    for (int i = 0; i < sent.size(); i++) {
      Part part = sent.get(i);
      Statement statement = part.statement();
      if (part.kind() == Kind.SCRIPT && statement != null) {
        tally(part.of()).ran(statement, nanos, shared, answer.counts().get(i));
      } else if (part.kind() == Kind.HISTORY) {
        String[] told = Objects.requireNonNull(answer.texts().get(i)).split(" ", 2);
        xid = told[0];
        tally(part.of()).millis = Long.parseLong(told[1]);
      } else if (part.kind() == Kind.WAL) {
        String bytes = answer.texts().get(i);
        written = bytes == null ? null : Long.valueOf(bytes);
      }
    }
  }

  private SQLException failed(Part part, SQLException e) {
    place = new Place(part.of(), part.statement());
    if (part.kind() == Kind.FENCE && SqlStates.of(e).equals(SqlStates.DIVISION_BY_ZERO)) {
      return new FenceNotHeld(e);
    }
    if (part.kind() == Kind.HISTORY && SqlStates.of(e).equals(SqlStates.UNIQUE_VIOLATION)) {
      part.of().history().forget();
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

  /** What went wrong at the present statement. */
  ApplyFailure failure(SQLException e) {
    return Failures.of(place.of(), place.statement(), e);
  }
}

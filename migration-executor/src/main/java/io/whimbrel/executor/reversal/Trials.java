package io.whimbrel.executor.reversal;

import io.whimbrel.executor.catalog.Script;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Tries undos in the open transaction, where the migration has been applied already. After each
 * trial the database is as before it.
 */
final class Trials {
  private final Session session;
  private final Script migration;
  private final State before;
  private final State up;
  private final boolean late;

  /** An undo that can be run. */
  interface Down {
    void run() throws SQLException;
  }

  /**
   * @param late whether rows were generated after the migration only, so that those that are there
   *     after going down for the first time are the ones to be there after the second time
   */
  Trials(Session session, Script migration, State before, State up, boolean late) {
    this.session = session;
    this.migration = migration;
    this.before = before;
    this.up = up;
    this.late = late;
  }

  Attempt of(Down down) throws SQLException {
    Savepoint start = session.connection().setSavepoint();
    try {
      return tried(down);
    } finally {
      session.connection().rollback(start);
      session.connection().releaseSavepoint(start);
    }
  }

  private Attempt tried(Down down) throws SQLException {
    try {
      down.run();
    } catch (SQLException e) {
      return Attempt.failed("it fails" + Failure.words(e), up);
    }
    State first = session.look(up);
    if (!before.structure().differences(first.structure()).isEmpty()) {
      return new Attempt(null, first, before, Set.of(), false);
    }
    Savepoint wentDown = session.connection().setSavepoint();
    try {
      session.run(migration);
    } catch (SQLException e) {
      session.connection().rollback(wentDown);
      return notAgain(first, e);
    }
    State again = session.look(first);
    // Rows that were generated after the migration are not what it made of rows.
    Set<String> others = late ? up.othersOfStructure(again) : up.others(again);
    if (!late && others.isEmpty()) {
      return new Attempt(null, first, before, others, false);
    }
    try {
      return further(down, first, again, others);
    } catch (SQLException e) {
      return Attempt.failed("a second time, it fails" + Failure.words(e), up);
    }
  }

  /** Going up again has failed. */
  private Attempt notAgain(State first, SQLException failure) throws SQLException {
    if (Failure.byRows(failure) && late && up.locks().written().isEmpty()) {
      return againWithoutRows(first, failure);
    }
    boolean lost = !before.contents().differences(first.contents()).isEmpty();
    return Failure.byRows(failure) && lost
        // It is not told by the way up what is missing already.
        ? new Attempt(null, first, before, Set.of(), false)
        : Attempt.failed("after it, the migration fails" + Failure.words(failure), up);
  }

  // A migration that writes none and does not take those that are there cannot take them the second
  // time either, so nothing is said of rows: its tables count as empty, as they were the first
  // time.
  private Attempt againWithoutRows(State first, SQLException failure) throws SQLException {
    Set<String> tables = Ascent.toEmpty(migration, failure, first);
    try {
      if (!tables.isEmpty()) {
        session.execute("TRUNCATE " + String.join(", ", tables) + " CASCADE");
      }
      session.run(migration);
    } catch (SQLException e) {
      return Attempt.failed("after it, the migration fails" + Failure.words(e), up);
    }
    State empty = new State(first.structure(), before.contents(), first.locks());
    Set<String> others = up.othersOfStructure(session.look(first));
    return new Attempt(null, empty, before, others, false);
  }

  private Attempt further(Down down, State first, State again, Set<String> others)
      throws SQLException {
    down.run();
    State second = session.look(again);
    if (!late) {
      session.run(migration);
      boolean varies = again.others(session.look(second)).containsAll(others);
      return new Attempt(null, first, before, others, varies);
    }
    State start = new State(before.structure(), first.contents(), before.locks());
    if (!others.isEmpty()) {
      return new Attempt(null, second, start, others, false);
    }
    session.run(migration);
    State third = session.look(second);
    boolean varies = again.othersOfStructure(third).isEmpty();
    return new Attempt(null, second, start, again.others(third), varies);
  }

  /**
   * Brings statements into an order in which they run: one that fails waits for the others, and
   * what is made waits until no more can be dropped, so that it is not made of what has to go.
   *
   * @return as many as run; all if they can all be run in some order
   */
  List<String> ordered(List<String> statements) throws SQLException {
    Savepoint start = session.connection().setSavepoint();
    List<String> done = new ArrayList<>();
    List<String> left = new ArrayList<>(statements);
    session.run(List.of());
    runAll(left, done, statement -> statement.startsWith("DROP "));
    runAll(left, done, statement -> true);
    session.connection().rollback(start);
    session.connection().releaseSavepoint(start);
    return done;
  }

  /** Moves what runs from those that are left to those that are done, until nothing more runs. */
  private void runAll(List<String> left, List<String> done, Predicate<String> these)
      throws SQLException {
    boolean moved = true;
    while (moved) {
      moved = false;
      for (String statement : left.stream().filter(these).toList()) {
        if (runs(statement)) {
          done.add(statement);
          left.remove(statement);
          moved = true;
        }
      }
    }
  }

  private boolean runs(String statement) throws SQLException {
    Savepoint savepoint = session.connection().setSavepoint();
    try {
      session.execute(statement);
      return true;
    } catch (SQLException e) {
      session.connection().rollback(savepoint);
      return false;
    } finally {
      session.connection().releaseSavepoint(savepoint);
    }
  }
}

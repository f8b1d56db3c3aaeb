package io.whimbrel.executor.reversal;

import io.whimbrel.executor.catalog.Script;
import io.whimbrel.executor.catalog.Statement;
import io.whimbrel.executor.reversal.derive.DerivedUndo;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Proves the way back of a migration that PostgreSQL refuses in a transaction. What such a script
 * has done cannot be rolled back, so a failure half way leaves a scratch database that nothing more
 * can be tried in: it is broken then, and the migrations that follow are not looked at.
 */
final class OutsideProof {
  private final Session session;

  OutsideProof(Session session) {
    this.session = session;
  }

  /** The scratch database is not what it should be any more. */
  static final class Broken extends Exception {
    private final transient @Nullable WayBack found;

    Broken(String message, @Nullable WayBack found) {
      super(message);
      this.found = found;
    }

    /** What was found out before; null if nothing was. */
    @Nullable WayBack found() {
      return found;
    }

    @Override
    public String getMessage() {
      return String.valueOf(super.getMessage());
    }
  }

  Found of(Script script, @Nullable Script undo, State start)
      throws SQLException, ScriptFails, Broken {
    if (script.any(OutsideProof::concernsServer)) {
      throw new ScriptFails(
          script.migration().script()
              + " changes the server, not only the database; it is not tried");
    }
    up(script);
    State up = look(start);
    return undo == null ? derived(script, start, up) : shipped(script, undo, start, up);
  }

  private Found derived(Script script, State start, State up) throws SQLException, Broken {
    State now = up;
    List<String> statements = DerivedUndo.of(start.structure(), up.structure()).statements();
    Attempt attempt = inTransaction(statements, start, up);
    if (attempt.failure() == null && attempt.again().isEmpty()) {
      up(script);
      now = look(up);
      attempt = new Attempt(null, attempt.down(), start, up.others(now), false);
    }
    Outcome derived = new Outcome(judged(script, up, attempt), statements);
    return new Found(Verdicts.of(script, null, null, derived, null), now);
  }

  private Found shipped(Script script, Script undo, State start, State up)
      throws SQLException, Broken {
    Attempt attempt;
    try {
      session.run(undo);
      attempt = new Attempt(null, look(up), start, Set.of(), false);
    } catch (SQLException e) {
      attempt = Attempt.failed("it fails" + Failure.words(e), up);
    }
    WayBack way = way(script, undo, up, attempt);
    if (attempt.failure() != null || !start.others(attempt.down()).isEmpty()) {
      throw new Broken(undo.migration().script() + " does not take its migration back", way);
    }
    up(script);
    State again = look(attempt.down());
    Attempt twice = new Attempt(null, attempt.down(), start, up.others(again), false);
    if (!twice.again().isEmpty()) {
      throw new Broken(
          script.migration().script() + " gives something else a second time",
          way(script, undo, up, twice));
    }
    return new Found(way, again);
  }

  private static WayBack way(Script script, Script undo, State up, Attempt attempt) {
    return Verdicts.of(script, undo, new Outcome(judged(script, up, attempt), null), null, null);
  }

  private void up(Script script) throws SQLException, Broken {
    try {
      session.run(script);
    } catch (SQLException e) {
      throw new Broken(
          script.migration().script() + " fails in the scratch database" + Failure.words(e), null);
    }
  }

  private Attempt inTransaction(List<String> statements, State start, State up)
      throws SQLException {
    session.begin();
    try {
      session.run(statements);
    } catch (SQLException e) {
      session.giveUp();
      return Attempt.failed("it fails" + Failure.words(e), up);
    }
    State down = session.look(up);
    Set<String> others = start.others(down);
    if (others.isEmpty()) {
      session.commit();
    } else {
      session.giveUp();
    }
    return new Attempt(null, down, start, others, false);
  }

  // Which rows such a script writes is not seen by locks, as it holds none any more.
  private static Judgement judged(Script script, State up, Attempt attempt) {
    Judgement judgement = Judgement.of(up, attempt);
    boolean mixed = script.any(statement -> !Script.refusesTransaction(statement));
    return mixed && judgement.verdict() == WayBack.Verdict.PROVEN
        ? new Judgement(
            WayBack.Verdict.STRUCTURE_ONLY,
            "the structure is as before; which rows statements outside a transaction write is not"
                + " seen",
            List.of(),
            List.of(),
            judgement.notes(),
            false)
        : judgement;
  }

  private State look(State before) throws SQLException {
    session.begin();
    State read = session.look();
    session.giveUp();
    Set<Long> changed = new HashSet<>();
    read.structure().apartFrom(before.structure()).forEach(o -> changed.add(o.oid()));
    return new State(
        read.structure(), read.contents(), new Locks(changed, Set.of(), Set.of(), false));
  }

  private static boolean concernsServer(Statement statement) {
    return statement.begins("ALTER", "SYSTEM")
        || List.of("DATABASE", "TABLESPACE", "SUBSCRIPTION").stream()
            .anyMatch(what -> statement.begins("CREATE", what) || statement.begins("DROP", what));
  }
}

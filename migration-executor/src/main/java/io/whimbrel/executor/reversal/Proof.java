package io.whimbrel.executor.reversal;

import io.whimbrel.executor.catalog.Script;
import io.whimbrel.executor.catalog.Statement;
import io.whimbrel.executor.catalog.Statements;
import io.whimbrel.executor.reversal.derive.DerivedUndo;
import io.whimbrel.executor.reversal.fill.GeneratedRows;
import io.whimbrel.executor.schema.SchemaDiff;
import io.whimbrel.executor.schema.SchemaSnapshot;
import io.whimbrel.executor.schema.SchemaUnreadable;
import io.whimbrel.executor.schema.Structure;
import io.whimbrel.executor.schema.StructureObject;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Finds and proves the way back of one migration after another, in one scratch database. Each
 * migration stays applied there, whatever was tried to take it back.
 */
final class Proof {
  private final Session session;
  private final GeneratedRows rows;
  private final Gaps gaps;

  /**
   * @param gaps in what the scratch database is not like the target
   */
  Proof(Session session, GeneratedRows rows, Gaps gaps) {
    this.session = session;
    this.rows = rows;
    this.gaps = gaps;
  }

  /**
   * Tries one migration.
   *
   * @param undo the catalogue's own undo script, if it has one
   * @param thorough whether there is time for a second derivation, which reads the whole structure
   * @throws ScriptFails if it cannot be tried; the database is as it was then
   */
  Found of(Script script, @Nullable Script undo, State start, boolean thorough)
      throws SQLException, ScriptFails {
    Applied applied = new Ascent(session, rows).apply(script, undo, start);
    @Nullable Outcome shipped = null;
    if (undo != null) {
      Script down = undo;
      shipped = outcome(applied, script, () -> session.run(down), null);
    }
    @Nullable Outcome derived = null;
    if (shipped == null || shipped.judgement().verdict() == WayBack.Verdict.NOT_PROVEN) {
      derived = derived(applied, script);
      if (thorough && !applied.late() && isOpen(derived)) {
        Second second = bySnapshots(script, applied.before());
        applied = second.applied();
        derived = second.outcome().isBetterThan(derived) ? second.outcome() : derived;
      }
    }
    WayBack way = Verdicts.of(script, undo, shipped, derived, gap(applied));
    session.commit();
    return new Found(way, prepared(applied));
  }

  private static boolean isOpen(Outcome outcome) {
    return outcome.judgement().verdict() == WayBack.Verdict.NOT_PROVEN
        && (!outcome.judgement().differences().isEmpty() || outcome.sql() == null);
  }

  private Outcome outcome(
      Applied applied, Script script, Trials.Down down, @Nullable List<String> sql)
      throws SQLException {
    Trials trials = new Trials(session, script, applied.before(), applied.up(), applied.late());
    return new Outcome(Judgement.of(applied.up(), trials.of(down)), sql);
  }

  private Outcome derived(Applied applied, Script script) throws SQLException {
    List<String> statements = derivation(applied);
    Outcome first = outcome(applied, script, () -> session.run(statements), statements);
    if (first.judgement().verdict() != WayBack.Verdict.NOT_PROVEN || statements.size() < 2) {
      return first;
    }
    Trials trials = new Trials(session, script, applied.before(), applied.up(), applied.late());
    List<String> ordered = trials.ordered(statements);
    Outcome second = outcome(applied, script, () -> session.run(ordered), ordered);
    return second.isBetterThan(first) ? second : first;
  }

  private List<String> derivation(Applied applied) throws SQLException {
    Structure before = applied.before().structure();
    DerivedUndo.Result result = DerivedUndo.of(before, applied.up().structure());
    if (result.naming() == 0 || result.naming() == result.statements().size()) {
      return result.statements();
    }
    List<String> naming = result.statements().subList(0, result.naming());
    Savepoint start = session.connection().setSavepoint();
    try {
      session.run(naming);
      Structure named = session.look(applied.up()).structure();
      List<String> all = new ArrayList<>(naming);
      all.addAll(DerivedUndo.of(before, named).statements());
      return all;
    } catch (SQLException e) {
      return result.statements();
    } finally {
      session.connection().rollback(start);
    }
  }

  /** A derivation that had to apply the migration anew. */
  private record Second(Applied applied, Outcome outcome) {}

  // What a snapshot was before can only be read before, so the transaction goes back once more.
  private Second bySnapshots(Script script, State before) throws SQLException {
    List<String> statements = List.of();
    @Nullable SchemaUnreadable unreadable = null;
    try {
      SchemaSnapshot after = SchemaSnapshot.load(session.connection(), SchemaSnapshot.Rights.KEPT);
      session.giveUp();
      session.begin();
      SchemaSnapshot was = SchemaSnapshot.load(session.connection(), SchemaSnapshot.Rights.KEPT);
      statements =
          Statements.of("undo.sql", SchemaDiff.script(after, was)).stream()
              .map(Statement::sql)
              .toList();
    } catch (SchemaUnreadable e) {
      unreadable = e;
      session.giveUp();
      session.begin();
    }
    session.run(script);
    Applied applied = new Applied(before, session.look(before), false);
    List<String> undo = statements;
    Outcome outcome =
        unreadable == null
            ? outcome(applied, script, () -> session.run(undo), undo)
            : new Outcome(
                Judgement.of(applied.up(), Attempt.failed(unreadable.getMessage(), before)), null);
    return new Second(applied, outcome);
  }

  /** What of the touched objects is not as in the target. */
  private @Nullable String gap(Applied applied) {
    return gaps.touched(applied.before().structure(), applied.up().structure()).orElse(null);
  }

  /** Fills tables that are new, and columns that are, for the migrations that follow. */
  private State prepared(Applied applied) throws SQLException {
    State up = applied.up();
    Structure before = applied.before().structure();
    Set<Long> tables = new TreeSet<>();
    Map<Long, Set<String>> columns = new HashMap<>();
    for (StructureObject o : up.structure().apartFrom(before)) {
      if (before.has(o)) {
        continue;
      }
      if (o.is("TABLE") && up.held(o.oid()).rows() == 0) {
        tables.add(o.oid());
      } else if (o.is("COLUMN")
          && up.held(o.oid()).rows() > 0
          && up.held(o.oid()).distinct().getOrDefault(o.local(), 2L) < 2) {
        columns.computeIfAbsent(o.oid(), k -> new TreeSet<>()).add(o.local());
      }
    }
    columns.keySet().removeAll(tables);
    if (tables.isEmpty() && columns.isEmpty()) {
      return up;
    }
    session.begin();
    rows.fill(tables);
    rows.complete(columns);
    State filled = session.look(up);
    session.commit();
    return filled;
  }
}

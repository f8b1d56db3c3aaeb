package io.whimbrel.executor.reversal;

import io.whimbrel.executor.catalog.Script;
import io.whimbrel.executor.catalog.StatementReader;
import io.whimbrel.executor.catalog.Token;
import io.whimbrel.executor.reversal.fill.GeneratedRows;
import io.whimbrel.executor.reversal.fill.Literals;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.ServerErrorMessage;

/**
 * Applies a migration to generated rows, and leaves its transaction open. If it does not take the
 * rows, as a new condition does not hold for them, its tables are emptied first and filled
 * afterwards. If it changes rows, rows with the values that its text names are added first.
 */
final class Ascent {
  private final Session session;
  private final GeneratedRows rows;

  Ascent(Session session, GeneratedRows rows) {
    this.session = session;
    this.rows = rows;
  }

  /**
   * Applies it.
   *
   * @param undo its values are of interest as well
   * @throws ScriptFails if it cannot be applied; no transaction is open then
   */
  Applied apply(Script script, @Nullable Script undo, State start)
      throws SQLException, ScriptFails {
    Applied applied = applied(script, start);
    if (applied.late() || !writes(applied)) {
      return applied;
    }
    List<String> literals = literals(script, undo);
    if (literals.isEmpty()) {
      return applied;
    }
    session.giveUp();
    return applied(script, seeded(applied, start, literals));
  }

  private static boolean writes(Applied applied) {
    return applied.up().locks().written().stream().anyMatch(oid -> isTable(applied.before(), oid));
  }

  private State seeded(Applied applied, State start, List<String> literals) throws SQLException {
    Set<Long> tables =
        applied.up().locks().written().stream()
            .filter(oid -> isTable(start, oid))
            .collect(Collectors.toSet());
    session.begin();
    rows.seed(tables, literals);
    State state = session.look(start);
    session.commit();
    return state;
  }

  private Applied applied(Script script, State start) throws SQLException, ScriptFails {
    session.begin();
    @Nullable SQLException failure = attempt(script);
    if (failure == null) {
      return checked(script, start, false);
    }
    Set<String> emptied = new HashSet<>();
    State before = start;
    while (failure != null) {
      // PostgreSQL names the first table whose rows do not fit; there may be others.
      if (!Failure.byRows(failure) || !emptied.addAll(toEmpty(script, failure, before))) {
        throw fails(script, failure);
      }
      session.giveUp();
      session.begin();
      empty(emptied);
      before = session.look(start);
      failure = attempt(script);
    }
    return filled(checked(script, before, true), start);
  }

  private @Nullable SQLException attempt(Script script) {
    try {
      session.run(script);
      return null;
    } catch (SQLException e) {
      return e;
    }
  }

  private ScriptFails fails(Script script, SQLException e) throws SQLException {
    session.giveUp();
    return new ScriptFails(
        script.migration().script()
            + " fails in the scratch database"
            + Failure.words(e)
            + "; what depends on the target's own rows cannot be tried there");
  }

  private Applied checked(Script script, State before, boolean late)
      throws SQLException, ScriptFails {
    State up = session.look(before);
    if (up.locks().cluster()) {
      session.giveUp();
      throw new ScriptFails(
          script.migration().script()
              + " changes what all databases of the server share, as roles are; it is not tried");
    }
    return new Applied(before, up, late);
  }

  // In a transaction of its own, so that its locks are not taken for those of an undo.
  private Applied filled(Applied applied, State start) throws SQLException {
    session.commit();
    session.begin();
    Set<Long> tables = new HashSet<>();
    applied
        .before()
        .contents()
        .tables()
        .forEach(
            (oid, held) -> {
              boolean emptied = held.rows() == 0 && start.held(oid).rows() > 0;
              if (emptied && applied.up().held(oid).rows() == 0) {
                tables.add(oid);
              }
            });
    rows.fill(tables);
    State up = session.look(applied.up());
    session.commit();
    session.begin();
    return new Applied(
        applied.before(), new State(up.structure(), up.contents(), applied.up().locks()), true);
  }

  private void empty(Set<String> tables) throws SQLException {
    if (!tables.isEmpty()) {
      session.execute("TRUNCATE " + String.join(", ", tables) + " CASCADE");
    }
  }

  /** The table with rows that PostgreSQL names, else those that the script names, else all. */
  static Set<String> toEmpty(Script script, SQLException failure, State start) {
    Map<String, Set<String>> byLocal = new HashMap<>();
    start.contents().tables().values().stream()
        .filter(t -> t.kind().equals("TABLE") && t.rows() > 0)
        .forEach(
            t ->
                byLocal
                    .computeIfAbsent(SqlName.table(t.name()).name(), k -> new HashSet<>())
                    .add(t.name()));
    ServerErrorMessage message = Failure.message(failure);
    String named = message == null ? null : message.getTable();
    if (named != null && byLocal.containsKey(named)) {
      return byLocal.getOrDefault(named, Set.of());
    }
    Set<String> tables = new HashSet<>();
    tokens(script)
        .forEach(
            token -> tables.addAll(byLocal.getOrDefault(SqlName.plain(token.text()), Set.of())));
    if (tables.isEmpty()) {
      byLocal.values().forEach(tables::addAll);
    }
    return tables;
  }

  private static List<Token> tokens(Script script) {
    List<Token> tokens = new ArrayList<>();
    try (StatementReader statements = script.statements()) {
      while (statements.hasNext()) {
        tokens.addAll(statements.next().tokens());
      }
    }
    return tokens;
  }

  private static List<String> literals(Script script, @Nullable Script undo) {
    List<Token> tokens = new ArrayList<>(tokens(script));
    if (undo != null) {
      tokens.addAll(tokens(undo));
    }
    return Literals.of(tokens);
  }

  private static boolean isTable(State state, long oid) {
    return state.structure().relation(oid).stream().anyMatch(o -> o.is("TABLE"));
  }
}

package io.whimbrel.executor.impact;

import io.whimbrel.executor.catalog.Script;
import io.whimbrel.executor.catalog.Statement;
import io.whimbrel.executor.catalog.StatementReader;
import io.whimbrel.executor.impact.StatementImpact.DataChange;
import io.whimbrel.executor.rehearsal.facts.ScriptFacts;
import io.whimbrel.executor.rehearsal.facts.StatementFacts;
import io.whimbrel.executor.rehearsal.facts.Write;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The statements of pending scripts that change rows of existing tables, explained one by one until
 * the time for it is spent. Of statements that go on in the same way the first is explained.
 */
final class PlannedChanges {
  /** What EXPLAIN takes; by the tag that PostgreSQL gave the statement in the rehearsal. */
  private static final Set<String> EXPLAINED = Set.of("INSERT", "UPDATE", "DELETE", "MERGE");

  private static final Set<String> MISSING =
      Set.of("42P01", "42703", "42704", "42883", "3F000", "42P10");

  private final ReadOnly session;
  private final long deadline;
  private final List<StatementImpact> statements = new ArrayList<>();
  private boolean structureChanged;

  PlannedChanges(ReadOnly session, ImpactSettings settings) {
    this.session = session;
    this.deadline = System.nanoTime() + settings.explaining().toNanos();
  }

  List<StatementImpact> of(List<Script> scripts, List<ScriptFacts> facts) throws SQLException {
    Map<String, Script> byName = new HashMap<>();
    scripts.forEach(script -> byName.put(script.migration().script(), script));
    for (ScriptFacts each : facts) {
      Script script = byName.get(each.script());
      if (script != null) {
        explain(script, each);
      }
    }
    return statements;
  }

  private void explain(Script script, ScriptFacts facts) throws SQLException {
    try (StatementReader texts = script.statements()) {
      for (StatementFacts fact : facts.statements()) {
        if (EXPLAINED.contains(fact.command())) {
          String sql = text(texts, fact.number());
          if (sql != null) {
            explain(facts.script(), fact, sql);
          }
        }
        structureChanged |= !fact.changes().isEmpty();
      }
    }
  }

  private static @Nullable String text(StatementReader texts, int number) {
    while (texts.hasNext()) {
      Statement statement = texts.next();
      if (statement.number() == number) {
        return statement.copyData() == null ? statement.sql() : null;
      }
    }
    return null;
  }

  private void explain(String script, StatementFacts fact, String sql) throws SQLException {
    if (fact.writes().stream().allMatch(write -> write.onTarget() == null)) {
      return;
    }
    DataChange change = null;
    String unknown = null;
    if (fact.writes().stream().anyMatch(PlannedChanges::isAnotherByThen)) {
      unknown = "an earlier pending statement creates or renames a table that it changes";
    } else if (System.nanoTime() > deadline) {
      unknown = "not asked, as the time for questions was spent on others";
    } else {
      try {
        Optional<DataChange> planned = session.look(c -> Explanations.explain(c, sql));
        change = planned.orElse(null);
        unknown = planned.isPresent() ? null : "PostgreSQL plans no change of rows for it";
      } catch (SQLException e) {
        if (SqlStates.fatal(e)) {
          throw e;
        }
        unknown = reason(e);
      }
    }
    statements.add(new StatementImpact(script, fact.number(), fact.line(), change, unknown));
  }

  private static boolean isAnotherByThen(Write write) {
    return !write.table().equals(write.onTarget());
  }

  private String reason(SQLException e) {
    return structureChanged && MISSING.contains(String.valueOf(e.getSQLState()))
        ? "it needs something that an earlier pending statement creates"
        : SqlStates.reason(e);
  }
}

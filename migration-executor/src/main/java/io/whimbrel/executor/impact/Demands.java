package io.whimbrel.executor.impact;

import io.whimbrel.event.TableName;
import io.whimbrel.executor.impact.Demand.Look;
import io.whimbrel.executor.impact.Demand.Search;
import io.whimbrel.executor.impact.Demand.Untold;
import io.whimbrel.executor.rehearsal.facts.Change;
import io.whimbrel.executor.rehearsal.facts.ColumnState;
import io.whimbrel.executor.rehearsal.facts.ConstraintState;
import io.whimbrel.executor.rehearsal.facts.IndexState;
import io.whimbrel.executor.rehearsal.facts.ScriptFacts;
import io.whimbrel.executor.rehearsal.facts.StatementFacts;
import io.whimbrel.executor.rehearsal.facts.Work;
import io.whimbrel.executor.schema.Quoted;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Derives from what the rehearsal saw what pending statements will demand of the rows of existing
 * tables, in their order. Where an earlier pending statement changes those rows or columns, what is
 * found now says less, and the demand says so.
 */
final class Demands {
  private final Function<TableName, Subject> subjects;
  private final Conversions conversions;
  private final List<Demand> demands = new ArrayList<>();

  /** Tables, by their names on the target, to the first pending statement that writes to them. */
  private final Map<TableName, String> written = new HashMap<>();

  /** Columns that exist only by then, or under another name, or with other values. */
  private final Map<TableName, Set<String>> changed = new HashMap<>();

  /**
   * @param subjects tables of the target by name, as they are now
   */
  Demands(Function<TableName, Subject> subjects, Conversions conversions) {
    this.subjects = subjects;
    this.conversions = conversions;
  }

  List<Demand> of(List<ScriptFacts> scripts) {
    for (ScriptFacts script : scripts) {
      for (StatementFacts statement : script.statements()) {
        new Of(script.script(), statement).add();
        remember(script.script(), statement);
      }
    }
    return demands;
  }

  private void remember(String script, StatementFacts statement) {
    String where = script + " line " + statement.line();
    statement
        .writes()
        .forEach(
            write -> {
              if (write.onTarget() != null) {
                written.putIfAbsent(write.onTarget(), where);
              }
            });
    statement.truncated().forEach(table -> written.putIfAbsent(table, where));
    for (Change<ColumnState> change : statement.changes().columns()) {
      TableName table = change.either().onTarget();
      if (table != null
          && !(change.altered()
              && change.was().name().equals(change.is().name())
              && change.was().type().equals(change.is().type()))) {
        Set<String> names = changed.computeIfAbsent(table, t -> new TreeSet<>());
        names.add(change.either().name());
        if (!change.dropped()) {
          names.add(change.is().name());
        }
      }
    }
  }

  /** The demands of one statement. */
  private final class Of {
    private final String script;
    private final StatementFacts statement;

    Of(String script, StatementFacts statement) {
      this.script = script;
      this.statement = statement;
    }

    void add() {
      statement.changes().columns().forEach(this::column);
      statement.changes().constraints().forEach(this::constraint);
      statement.changes().indexes().forEach(this::index);
    }

    private void column(Change<ColumnState> change) {
      TableName table = change.either().onTarget();
      if (change.dropped() || table == null) {
        return;
      }
      ColumnState is = change.is();
      if (change.created()) {
        if (is.notNull() && comesEmpty(is)) {
          String words = "no rows, as the new column %s is NOT NULL without a default";
          add(table, words.formatted(is.name()), List.of(), subject -> rows(table, subject));
        }
        return;
      }
      if (is.notNull() && !change.was().notNull()) {
        add(
            table,
            "%s is not null".formatted(is.name()),
            List.of(is.name()),
            subject -> new Search("", subject.all(), "e." + Quoted.name(is.name()) + " is null"));
      }
      if (!is.type().equals(change.was().type())) {
        add(
            table,
            "%s can be converted from %s to %s"
                .formatted(is.name(), change.was().type(), is.type()),
            List.of(change.was().name()),
            subject ->
                conversions.of(script, statement.number(), subject, change.was(), is.type()));
      }
    }

    private static boolean comesEmpty(ColumnState is) {
      return is.defaultValue() == null
          && is.generated() == null
          && is.identity() == null
          && !is.filled();
    }

    // A default that differs from row to row is written into them, and may be dropped by now.
    private Look rows(TableName table, Subject subject) {
      return statement.work().stream()
              .anyMatch(work -> work.kind() == Work.Kind.REWRITE && work.table().equals(table))
          ? new Untold("the statement writes the table anew, and may give rows their values then")
          : new Search("", subject.all(), "true");
    }

    private void constraint(Change<ConstraintState> change) {
      if (change.dropped()
          || !change.is().validated()
          || (change.altered() && change.was().validated())
          || change.is().onTarget() == null) {
        return;
      }
      ConstraintState is = change.is();
      switch (is.kind()) {
        case CHECK ->
            add(is, "the check " + is.name() + " holds", s -> ConstraintLooks.check(s, is));
        case FOREIGN_KEY ->
            add(
                is,
                "%s has its row in %s".formatted(String.join(", ", is.columns()), is.references()),
                s -> ConstraintLooks.foreignKey(s, is, parentCaveat(is)));
        case EXCLUSION ->
            add(
                is,
                "no two rows conflict by " + is.name(),
                s -> new Untold("exclusion constraints are not probed"));
        default -> {
          // NOT NULL and keys are seen at their columns and indexes, on every version.
        }
      }
    }

    private String parentCaveat(ConstraintState is) {
      TableName parent = is.referencesOnTarget();
      return parent == null ? "" : written.getOrDefault(parent, "");
    }

    private void index(Change<IndexState> change) {
      TableName table = change.either().onTarget();
      if (!change.created() || !change.is().unique() || table == null || builtAgain(change.is())) {
        return;
      }
      IndexState is = change.is();
      List<String> named = is.columns().stream().filter(c -> c != null && !c.isEmpty()).toList();
      add(
          table,
          "no two rows are equal by %s".formatted(is.name()),
          named,
          subject -> ConstraintLooks.unique(subject, is));
    }

    /** As when a column of it changes its type: what it demands was demanded before. */
    private boolean builtAgain(IndexState index) {
      return statement.changes().indexes().stream()
          .filter(Change::dropped)
          .map(Change::was)
          .anyMatch(
              before ->
                  before.unique()
                      && before.name().equals(index.name())
                      && before.columns().equals(index.columns()));
    }

    private void add(ConstraintState is, String words, Function<Subject, Look> look) {
      TableName table = is.onTarget();
      if (table != null) {
        add(table, words, is.columns(), look);
      }
    }

    private void add(
        TableName table, String words, List<String> columns, Function<Subject, Look> look) {
      Subject subject = subjects.apply(table);
      Set<String> other = changed.getOrDefault(table, Set.of());
      Look how =
          columns.stream().anyMatch(other::contains) || !subject.has(columns)
              ? new Untold("an earlier pending statement creates or changes the column")
              : look.apply(subject);
      String writer = written.get(table);
      demands.add(
          new Demand(
              script,
              statement.number(),
              statement.line(),
              table,
              words,
              how,
              writer == null ? "" : writer + " changes rows of the table before"));
    }
  }
}

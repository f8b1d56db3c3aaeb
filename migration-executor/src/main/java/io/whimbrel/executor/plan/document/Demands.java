package io.whimbrel.executor.plan.document;

import io.whimbrel.event.PlannedChange;
import io.whimbrel.event.TableName;
import io.whimbrel.executor.rehearsal.facts.Change;
import io.whimbrel.executor.rehearsal.facts.Changes;
import io.whimbrel.executor.rehearsal.facts.ColumnState;
import io.whimbrel.executor.rehearsal.facts.ConstraintState;
import io.whimbrel.executor.rehearsal.facts.ConstraintState.Kind;
import io.whimbrel.executor.rehearsal.facts.IndexState;
import io.whimbrel.executor.rehearsal.facts.ScriptFacts;
import io.whimbrel.executor.rehearsal.facts.StatementFacts;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What migrations are about to demand of rows that are there already, by names before the run.
 *
 * <p>Only what can be held against the rows as they are: nothing about a table that the migrations
 * write to before, as a backfill puts right what it would find, and nothing about columns that they
 * make.
 */
public final class Demands {
  private final Set<PlannedChange> demands = new LinkedHashSet<>();
  private final Set<TableName> written = new HashSet<>();

  /** By table and present name: the name before the run; empty for a column that it makes. */
  private final Map<Column, Optional<String>> renamed = new HashMap<>();

  private record Column(TableName table, String name) {}

  private Demands() {}

  /** The demands of scripts, in the order in which they are made. */
  public static List<PlannedChange> of(List<ScriptFacts> scripts) {
    Demands demands = new Demands();
    scripts.forEach(script -> script.statements().forEach(demands::add));
    return List.copyOf(demands.demands);
  }

  private void add(StatementFacts statement) {
    Changes changes = statement.changes();
    Set<Column> unchecked = new HashSet<>();
    changes.constraints().forEach(change -> noteUnchecked(change, unchecked));
    changes.columns().forEach(change -> column(change, unchecked));
    changes.columns().forEach(this::noteName);
    changes.indexes().forEach(this::index);
    changes.constraints().forEach(this::constraint);
    statement
        .writes()
        .forEach(
            write -> {
              TableName table = write.onTarget();
              if (table != null) {
                written.add(table);
              }
            });
    written.addAll(statement.truncated());
  }

  private void noteUnchecked(Change<ConstraintState> change, Set<Column> unchecked) {
    ConstraintState now = change.after();
    TableName table = now == null ? null : now.onTarget();
    if (now != null && table != null && now.kind() == Kind.NOT_NULL && !now.validated()) {
      now.columns().forEach(name -> unchecked.add(new Column(table, name)));
    }
  }

  private void column(Change<ColumnState> change, Set<Column> unchecked) {
    TableName table = change.either().onTarget();
    if (!change.altered() || table == null) {
      return;
    }
    before(table, change.was().name())
        .ifPresent(
            name -> {
              if (!change.was().type().equals(change.is().type())) {
                demand(PlannedChange.type(table, name, change.is().type()));
              }
              if (!change.was().notNull()
                  && change.is().notNull()
                  && !unchecked.contains(new Column(table, change.is().name()))) {
                demand(PlannedChange.notNull(table, List.of(name)));
              }
            });
  }

  private void noteName(Change<ColumnState> change) {
    TableName table = change.either().onTarget();
    if (table == null || change.dropped()) {
      return;
    }
    Column now = new Column(table, change.is().name());
    if (change.created()) {
      renamed.put(now, Optional.empty());
    } else if (!change.was().name().equals(change.is().name())) {
      renamed.put(now, before(table, change.was().name()));
    }
  }

  private void index(Change<IndexState> change) {
    IndexState index = change.after();
    if (change.created()
        && index != null
        && index.unique()
        && !index.partial()
        && !index.columns().contains("")) {
      unique(index.onTarget(), index.columns(), index.definition());
    }
  }

  private void unique(@Nullable TableName table, List<String> columns, String definition) {
    if (table != null && !columns.isEmpty()) {
      before(table, columns)
          .ifPresent(
              names ->
                  demand(
                      PlannedChange.unique(
                          table, names, definition.contains("NULLS NOT DISTINCT"))));
    }
  }

  private void constraint(Change<ConstraintState> change) {
    ConstraintState now = change.after();
    ConstraintState was = change.before();
    TableName table = change.either().onTarget();
    boolean checkedBefore = was != null && was.validated();
    if (now == null || !now.validated() || checkedBefore || table == null) {
      return;
    }
    Optional<List<String>> columns = before(table, now.columns());
    if (columns.isEmpty() || columns.get().isEmpty()) {
      return;
    }
    switch (now.kind()) {
      case FOREIGN_KEY -> foreignKey(table, columns.get(), now);
      case PRIMARY_KEY, UNIQUE -> unique(table, now.columns(), now.definition());
      case NOT_NULL -> demand(PlannedChange.notNull(table, columns.get()));
      // What needs an expression to be said does not leave the executor.
      case CHECK, EXCLUSION -> {}
    }
  }

  private void foreignKey(TableName table, List<String> columns, ConstraintState key) {
    TableName other = key.referencesOnTarget();
    if (other != null && !written.contains(other)) {
      before(other, key.referencedColumns())
          .ifPresent(names -> demand(PlannedChange.foreignKey(table, columns, other, names)));
    }
  }

  private void demand(PlannedChange change) {
    if (!written.contains(change.table())) {
      demands.add(change);
    }
  }

  private Optional<String> before(TableName table, String name) {
    return renamed.getOrDefault(new Column(table, name), Optional.of(name));
  }

  /** Empty if the run makes one of them. */
  private Optional<List<String>> before(TableName table, List<String> names) {
    List<String> before =
        names.stream().map(name -> before(table, name)).flatMap(Optional::stream).toList();
    return before.size() == names.size() ? Optional.of(before) : Optional.empty();
  }
}

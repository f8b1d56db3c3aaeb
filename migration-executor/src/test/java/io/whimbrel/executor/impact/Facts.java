package io.whimbrel.executor.impact;

import io.whimbrel.event.TableName;
import io.whimbrel.executor.rehearsal.facts.Change;
import io.whimbrel.executor.rehearsal.facts.Changes;
import io.whimbrel.executor.rehearsal.facts.ColumnState;
import io.whimbrel.executor.rehearsal.facts.ConstraintState;
import io.whimbrel.executor.rehearsal.facts.IndexState;
import io.whimbrel.executor.rehearsal.facts.LockMode;
import io.whimbrel.executor.rehearsal.facts.LockTaken;
import io.whimbrel.executor.rehearsal.facts.ScriptFacts;
import io.whimbrel.executor.rehearsal.facts.StatementFacts;
import io.whimbrel.executor.rehearsal.facts.Work;
import io.whimbrel.executor.rehearsal.facts.Write;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a rehearsal might have seen, by hand. */
public final class Facts {
  private final String command;
  private final List<LockTaken> locks = new ArrayList<>();
  private final List<Work> work = new ArrayList<>();
  private final List<Write> writes = new ArrayList<>();
  private final List<Change<ColumnState>> columns = new ArrayList<>();
  private final List<Change<IndexState>> indexes = new ArrayList<>();
  private final List<Change<ConstraintState>> constraints = new ArrayList<>();
  private boolean inTransaction = true;

  private Facts(String command) {
    this.command = command;
  }

  public static Facts of(String command) {
    return new Facts(command);
  }

  public static ScriptFacts script(String name, Facts... statements) {
    List<StatementFacts> facts = new ArrayList<>();
    for (Facts each : statements) {
      facts.add(each.statement(facts.size() + 1));
    }
    return new ScriptFacts(name, true, false, facts);
  }

  public Facts locks(TableName table, LockMode mode) {
    locks.add(new LockTaken(table, null, mode));
    return this;
  }

  public Facts works(Work.Kind kind, TableName table, @Nullable String what) {
    work.add(new Work(kind, table, what));
    return this;
  }

  public Facts writes(TableName table) {
    writes.add(new Write(table, table, command));
    return this;
  }

  public Facts writesNew(TableName table) {
    writes.add(new Write(table, null, command));
    return this;
  }

  public Facts alone() {
    inTransaction = false;
    return this;
  }

  public Facts column(@Nullable ColumnState before, @Nullable ColumnState after) {
    columns.add(new Change<>(before, after));
    return this;
  }

  public Facts index(IndexState created) {
    indexes.add(new Change<>(null, created));
    return this;
  }

  public Facts constraint(@Nullable ConstraintState before, ConstraintState after) {
    constraints.add(new Change<>(before, after));
    return this;
  }

  public static ColumnState column(TableName table, String name, String type, boolean notNull) {
    return new ColumnState(table, table, name, 2, type, notNull, null, null, null, null, false);
  }

  public static IndexState unique(
      TableName table, String name, List<String> columns, boolean partial, String definition) {
    return new IndexState(
        name,
        table,
        table,
        false,
        "btree",
        true,
        false,
        false,
        true,
        false,
        columns,
        partial,
        definition);
  }

  public static ConstraintState constraint(
      TableName table, ConstraintState.Kind kind, List<String> columns, String definition) {
    return new ConstraintState(
        "checked", table, table, kind, true, columns, null, null, List.of(), null, definition);
  }

  public static ConstraintState foreignKey(
      TableName table,
      List<String> columns,
      TableName parent,
      List<String> parentColumns,
      String definition) {
    return new ConstraintState(
        "child_parent",
        table,
        table,
        ConstraintState.Kind.FOREIGN_KEY,
        true,
        columns,
        parent,
        parent,
        parentColumns,
        "parent_pkey",
        definition);
  }

  private StatementFacts statement(int number) {
    return new StatementFacts(
        number,
        number,
        1,
        command,
        inTransaction,
        true,
        3000,
        locks,
        work,
        writes,
        List.of(),
        new Changes(List.of(), columns, indexes, constraints, List.of()));
  }
}

package io.whimbrel.executor.rehearsal.observe;

import io.whimbrel.event.TableName;
import io.whimbrel.executor.rehearsal.facts.ConstraintState;
import io.whimbrel.executor.rehearsal.facts.IndexState;
import io.whimbrel.executor.rehearsal.facts.RelationState;
import io.whimbrel.executor.rehearsal.facts.RelationState.Kind;
import io.whimbrel.executor.rehearsal.facts.Work;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The work that a statement has with tables that were there before the run, from what it left in
 * the catalogue. The scratch database has no rows, so no work is timed; that it is done shows in
 * the numbers of files and in what counts as valid.
 */
final class Effects {
  private final Names names;
  private final String command;
  private final Structure.Step step;
  private final Set<Long> scanned;
  private final List<Look.Held> taken;

  Effects(
      Names names, String command, Structure.Step step, Set<Long> scanned, List<Look.Held> taken) {
    this.names = names;
    this.command = command;
    this.step = step;
    this.scanned = scanned;
    this.taken = taken;
  }

  List<TableName> truncated() {
    TreeSet<TableName> tables = new TreeSet<>();
    newFiles().stream().filter(this::emptied).forEach(table -> tables.add(name(table)));
    return List.copyOf(tables);
  }

  List<Work> work() {
    List<Work> work = new ArrayList<>();
    for (long table : newFiles()) {
      if (!emptied(table)) {
        work.add(new Work(Work.Kind.REWRITE, name(table), null));
      }
    }
    work.addAll(builds());
    work.addAll(validations());
    Set<TableName> known = work.stream().map(Work::table).collect(Collectors.toSet());
    for (long table : scanned) {
      if (names.existed(table) && !known.contains(name(table)) && scanCounts(table)) {
        work.add(new Work(Work.Kind.SCAN, name(table), null));
      }
    }
    return work;
  }

  private List<Work> builds() {
    List<Work> builds = new ArrayList<>();
    Set<Long> empty = newFiles().stream().filter(this::emptied).collect(Collectors.toSet());
    Set<Long> files = filesOfDropped();
    for (Difference<IndexState> index : step.indexes()) {
      if (index.newFile()
          && !files.contains(index.fileNow())
          && names.existed(index.table())
          && !empty.contains(index.table())) {
        builds.add(
            new Work(Work.Kind.INDEX_BUILD, name(index.table()), index.change().is().name()));
      }
    }
    return builds;
  }

  // An index that is remade for a column's new type may take the file of the old one over.
  private Set<Long> filesOfDropped() {
    return step.indexes().stream()
        .filter(Difference::dropped)
        .map(Difference::fileBefore)
        .collect(Collectors.toSet());
  }

  private List<Work> validations() {
    List<Work> validations = new ArrayList<>();
    for (Difference<ConstraintState> constraint :
        Remade.without(step.constraints(), ConstraintState::definition)) {
      CatalogueRow<ConstraintState> before = constraint.before();
      CatalogueRow<ConstraintState> after = constraint.after();
      if (after != null
          && after.state().validated()
          && (before == null || !before.state().validated())
          && checksRows(after.state().kind())
          && !detached(after.table())
          && names.existed(after.table())) {
        validations.add(new Work(Work.Kind.VALIDATION, name(after.table()), after.state().name()));
      }
    }
    return validations;
  }

  // A partition that is detached gets a check that says what its bounds said; nothing is read.
  private boolean detached(long table) {
    return step.relations().stream()
        .map(Difference::change)
        .anyMatch(
            change ->
                change.altered()
                    && change.is().name().equals(names.now(table))
                    && change.was().partitionOf() != null
                    && change.is().partitionOf() == null);
  }

  private static boolean checksRows(ConstraintState.Kind kind) {
    return kind == ConstraintState.Kind.CHECK || kind == ConstraintState.Kind.FOREIGN_KEY;
  }

  /** Tables with files that they had not; those of sequences are no work. */
  private List<Long> newFiles() {
    return step.relations().stream()
        .filter(Difference::newFile)
        .filter(one -> names.existed(one.table()) && holdsRows(one))
        .map(Difference::table)
        .toList();
  }

  private static boolean holdsRows(Difference<RelationState> relation) {
    Kind kind = relation.change().is().kind();
    return kind == Kind.TABLE || kind == Kind.MATERIALIZED_VIEW;
  }

  // TRUNCATE gives a table a new file without a look at the old one.
  private boolean emptied(long table) {
    return command.equals("TRUNCATE") || (Command.opaque(command) && !scanned.contains(table));
  }

  /** Whether a scan is more than a query's plan over tables that are empty here. */
  private boolean scanCounts(long table) {
    if (command.equals("ALTER TABLE")) {
      return true;
    }
    return Command.opaque(command)
        && taken.stream().anyMatch(l -> l.table() == table && l.mode().blocksReaders());
  }

  private TableName name(long table) {
    TableName name = names.onTarget(table);
    if (name == null) {
      throw new IllegalStateException("relation " + table + " is new");
    }
    return name;
  }
}

package io.whimbrel.executor.forecast;

import io.whimbrel.event.TableName;
import io.whimbrel.executor.impact.StatementImpact;
import io.whimbrel.executor.impact.StatementImpact.DataChange;
import io.whimbrel.executor.impact.StatementImpact.PlanStep;
import io.whimbrel.executor.impact.TableImpact;
import io.whimbrel.executor.impact.TargetImpact;
import io.whimbrel.executor.rehearsal.facts.Change;
import io.whimbrel.executor.rehearsal.facts.ConstraintState;
import io.whimbrel.executor.rehearsal.facts.IndexState;
import io.whimbrel.executor.rehearsal.facts.StatementFacts;
import io.whimbrel.executor.rehearsal.facts.Work.Kind;
import io.whimbrel.executor.rehearsal.facts.Write;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds out what a statement will have to do on the target, from what it did in the rehearsal. */
final class StatementWork {
  /** What these do depends on more than the structure. */
  private static final Set<String> OPAQUE = Set.of("DO", "CALL", "SELECT", "EXECUTE", "COPY");

  private final TargetImpact impact;
  private final Calibration speeds;
  private final String script;
  private final StatementFacts facts;
  private final List<Work> work = new ArrayList<>();
  private @Nullable String unknown;

  private StatementWork(
      TargetImpact impact, Calibration speeds, String script, StatementFacts facts) {
    this.impact = impact;
    this.speeds = speeds;
    this.script = script;
    this.facts = facts;
  }

  /**
   * What is found.
   *
   * @param unknown why it may be much more; null if it is all
   */
  record Found(List<Work> work, @Nullable String unknown) {}

  static Found of(TargetImpact impact, Calibration speeds, String script, StatementFacts facts) {
    StatementWork found = new StatementWork(impact, speeds, script, facts);
    found.work.add(Work.catalogue(speeds).times(Math.max(1, facts.count())));
    found.structure();
    facts.writes().forEach(found::write);
    if (OPAQUE.contains(facts.command()) && found.unknown == null) {
      found.unknown = "what " + facts.command() + " does depends on more than the structure";
    }
    return new Found(List.copyOf(found.work), found.unknown);
  }

  private void structure() {
    Set<TableName> read = new HashSet<>();
    facts.writes().forEach(write -> read.add(write.table()));
    for (var each : facts.work()) {
      if (each.kind() == Kind.REWRITE || each.kind() == Kind.INDEX_BUILD) {
        table(each.table()).ifPresent(table -> built(each.kind(), table, each.what()));
        read.add(each.table());
      }
    }
    for (var each : facts.work()) {
      if (each.kind() == Kind.VALIDATION) {
        table(each.table()).ifPresent(table -> validated(table, each.what(), read));
      }
    }
    for (var each : facts.work()) {
      if (each.kind() == Kind.SCAN && read.add(each.table())) {
        table(each.table()).ifPresent(table -> work.add(Work.scan(speeds, table, false)));
      }
    }
  }

  private void built(Kind kind, TableImpact table, @Nullable String what) {
    if (kind == Kind.REWRITE) {
      rewritten(table);
      return;
    }
    for (Change<IndexState> change : facts.changes().indexes()) {
      if (!change.dropped() && change.is().name().equals(what)) {
        IndexState index = change.is();
        List<String> keys = index.columns().stream().map(c -> c == null ? "" : c).toList();
        work.add(Work.index(speeds, table, keys, index.method(), index.concurrently()));
        return;
      }
    }
    table.indexes().stream()
        .filter(index -> index.name().equals(what))
        .findFirst()
        .ifPresentOrElse(
            index -> work.add(Work.index(speeds, table, index.keys(), index.method(), false)),
            () -> work.add(Work.index(speeds, table, List.of(""), "btree", false)));
  }

  private void rewritten(TableImpact table) {
    long defaults =
        facts.changes().columns().stream()
            .filter(Change::created)
            .filter(change -> table.table().equals(change.is().onTarget()))
            .filter(change -> change.is().defaultValue() != null)
            .count();
    work.add(Work.rewrite(speeds, table, defaults));
    if (defaults > 0) {
      unknown = "a default is computed for each row, which takes as long as its functions do";
    }
  }

  private void validated(TableImpact table, @Nullable String what, Set<TableName> read) {
    for (Change<ConstraintState> change : facts.changes().constraints()) {
      if (!change.dropped()
          && change.is().name().equals(what)
          && change.is().kind() == ConstraintState.Kind.FOREIGN_KEY) {
        TableName parent = change.is().referencesOnTarget();
        long parents = parent == null ? 0 : table(parent).map(p -> p.rows().count()).orElse(0L);
        work.add(Work.lookup(speeds, table, parents));
        read.add(table.table());
        if (parent != null) {
          read.add(parent);
        }
        return;
      }
    }
    boolean check =
        facts.changes().constraints().stream()
            .anyMatch(
                c ->
                    !c.dropped()
                        && c.is().name().equals(what)
                        && c.is().kind() == ConstraintState.Kind.CHECK);
    if (read.add(table.table())) {
      work.add(Work.scan(speeds, table, check));
    }
  }

  private void write(Write write) {
    TableName onTarget = write.onTarget();
    if (onTarget == null) {
      return;
    }
    Optional<TableImpact> table = table(onTarget);
    StatementImpact planned = impact.statement(script, facts.number()).orElse(null);
    DataChange change = planned == null ? null : planned.change();
    if (table.isEmpty() || change == null || !change.table().equals(onTarget)) {
      if (change == null) {
        unknown =
            planned == null || planned.unknown() == null
                ? "how many rows it changes is not known beforehand"
                : planned.unknown();
      }
      return;
    }
    Work some = changed(table.get(), change, change.rows());
    long all = table.get().rows().count();
    if (withoutStatistics(change, all)) {
      some = some.orAsMuchAs(changed(table.get(), change, all));
      unknown = "the planner knows nothing of its condition, so that it may change up to all rows";
    }
    work.add(some.times(Math.max(1, facts.count())));
    finding(change);
    if (table.get().links().triggers() > 0) {
      unknown = "triggers of " + onTarget + " may do anything";
    }
  }

  /**
   * Whether the planner took one of the shares that it takes for want of anything better: of an
   * equality 1 in 200, of an inequality 1 in 3.
   */
  private static boolean withoutStatistics(DataChange change, long rows) {
    double share = rows == 0 ? 0 : (double) change.rows() / rows;
    return !change.operation().equals("INSERT")
        && change.rows() > 1
        && (near(share, 1 / 200.0) || near(share, 1 / 3.0));
  }

  private static boolean near(double share, double usual) {
    return Math.abs(share - usual) < usual / 20;
  }

  private Work changed(TableImpact table, DataChange change, long rows) {
    return switch (change.operation()) {
      case "INSERT" -> Work.insert(speeds, table, rows);
      case "DELETE" -> Work.delete(speeds, table, rows);
      default -> Work.update(speeds, table, rows);
    };
  }

  /** The tables that the plan reads from end to end. */
  private void finding(DataChange change) {
    for (PlanStep step : change.steps()) {
      TableName relation = step.relation();
      if (step.node().equals("Seq Scan") && relation != null) {
        table(relation).ifPresent(table -> work.add(Work.scan(speeds, table, true)));
      }
    }
  }

  private Optional<TableImpact> table(TableName name) {
    return impact.table(name);
  }
}

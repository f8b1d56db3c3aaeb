package io.whimbrel.executor.plan;

import io.whimbrel.executor.apply.AppliedMigration;
import io.whimbrel.executor.apply.History;
import io.whimbrel.executor.catalog.Catalogue;
import io.whimbrel.executor.catalog.Migration;
import io.whimbrel.executor.catalog.Refusal;
import io.whimbrel.executor.catalog.Version;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Which migrations a rollback takes back, the last one first. Whether their files have changed
 * since does not matter here: a rollback has to work when something is wrong.
 */
public final class UndoPlan {

  private final Catalogue catalogue;
  private final History history;
  private final TreeMap<Version, AppliedMigration> applied;

  public UndoPlan(Catalogue catalogue, History history) {
    this.catalogue = catalogue;
    this.history = history;
    this.applied = history.versions();
  }

  /**
   * What a selection comes to, in the order of taking back.
   *
   * @throws Refusal if one is not applied, or a later version would stay without it
   */
  public List<ToUndo> select(UndoSelection selection) {
    if (selection instanceof UndoSelection.DownTo downTo) {
      return downTo(Version.of(downTo.version()));
    }
    if (selection instanceof UndoSelection.Named named) {
      return toUndo(List.of(named(named.name())));
    }
    return toUndo(ofRun(((UndoSelection.Applied) selection).scripts()));
  }

  private List<ToUndo> downTo(Version version) {
    if (history.baseline().filter(baseline -> version.compareTo(baseline) < 0).isPresent()) {
      throw new Refusal(
          "The target was adopted at version "
              + history.baseline().get()
              + ", and what was before is not known; name that version or a greater one");
    }
    return toUndo(List.copyOf(applied.tailMap(version, false).values()));
  }

  private AppliedMigration named(String name) {
    Optional<AppliedMigration> byVersion = Version.parse(name).map(applied::get);
    return byVersion
        .or(() -> byScript(name))
        .or(() -> byScript(catalogue.named(name).script()))
        .orElseThrow(
            () -> new Refusal(catalogue.named(name).script() + " is not applied on this target"));
  }

  private Optional<AppliedMigration> byScript(String script) {
    return rows().stream().filter(row -> row.script().equals(script)).findFirst();
  }

  private List<AppliedMigration> ofRun(List<String> scripts) {
    // What the run has applied and someone has taken back already is no longer there.
    Set<String> wanted = Set.copyOf(scripts);
    return rows().stream().filter(row -> wanted.contains(row.script())).toList();
  }

  private List<AppliedMigration> rows() {
    List<AppliedMigration> rows = new ArrayList<>(applied.values());
    rows.addAll(history.baselineScripts());
    rows.addAll(history.repeatables().values());
    return rows;
  }

  private List<ToUndo> toUndo(List<AppliedMigration> rows) {
    List<String> later =
        applied.values().stream()
            .filter(row -> !rows.contains(row))
            .filter(row -> rows.stream().anyMatch(taken -> precedes(taken, row)))
            .map(AppliedMigration::script)
            .toList();
    if (!later.isEmpty()) {
      throw new Refusal(
          "Later versions are applied and would be left without it: "
              + later.stream().limit(5).collect(Collectors.joining(", "))
              + "; roll back down to the version before instead");
    }
    return rows.stream()
        .sorted(Comparator.comparingInt(AppliedMigration::rank).reversed())
        .map(row -> new ToUndo(row, undo(row)))
        .toList();
  }

  private Optional<Migration> undo(AppliedMigration row) {
    return row.version() == null || row.isBaseline()
        ? Optional.empty()
        : catalogue.undoOf(row.version());
  }

  // What was applied before it, out of order, was there without it already.
  private static boolean precedes(AppliedMigration one, AppliedMigration other) {
    return one.version() != null
        && other.version() != null
        && one.version().compareTo(other.version()) < 0
        && one.rank() < other.rank();
  }
}

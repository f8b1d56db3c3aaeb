package io.whimbrel.executor.apply;

import io.whimbrel.executor.catalog.Version;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the schema history of a target says.
 *
 * @param rows in the order of application
 * @param baseline the version that the target had when it was adopted, or is going to have
 * @param exists false if the table is made by the first run
 */
public record History(List<AppliedMigration> rows, Optional<Version> baseline, boolean exists) {

  public History {
    rows = List.copyOf(rows);
  }

  /** Rows that say that their migration failed. */
  public List<AppliedMigration> failed() {
    return rows.stream().filter(row -> !row.success()).toList();
  }

  /** What it will say after repairs. */
  public History after(List<HistoryRepair> repairs) {
    List<AppliedMigration> changed = new ArrayList<>(rows);
    for (HistoryRepair repair : repairs) {
      changed.replaceAll(row -> row.rank() == repair.rank() ? row.repaired(repair) : row);
      if (repair.action() == HistoryRepair.Action.REMOVE) {
        changed.removeIf(row -> row.rank() == repair.rank());
      } else if (repair.action() == HistoryRepair.Action.MARK_AS_DELETED) {
        rows.stream()
            .filter(row -> row.rank() == repair.rank())
            .map(AppliedMigration::deleted)
            .forEach(changed::add);
      }
    }
    return new History(changed, baseline, exists);
  }

  /** The versions that count as applied: not undone since, and not marked as deleted. */
  public TreeMap<Version, AppliedMigration> versions() {
    TreeMap<Version, AppliedMigration> applied = new TreeMap<>();
    for (AppliedMigration row : rows) {
      Version version = row.version();
      if (version == null || row.isBaseline() || !row.success()) {
        continue;
      }
      if (row.revokes()) {
        applied.remove(version);
      } else {
        applied.put(version, row);
      }
    }
    return applied;
  }

  /** The rows of baselines that were made by scripts, unless they are marked as deleted. */
  public List<AppliedMigration> baselineScripts() {
    return rows.stream()
        .filter(row -> row.isBaselineScript() && row.success())
        .filter(row -> rows.stream().noneMatch(other -> revokes(other, row)))
        .toList();
  }

  private static boolean revokes(AppliedMigration other, AppliedMigration row) {
    return other.revokes()
        && other.rank() >= row.rank()
        && Objects.equals(other.version(), row.version());
  }

  /** The last application of each repeatable migration, by description. */
  public Map<String, AppliedMigration> repeatables() {
    Map<String, AppliedMigration> latest = new HashMap<>();
    for (AppliedMigration row : rows) {
      if (row.version() == null && !row.isSchemaCreation() && row.success()) {
        if (row.revokes()) {
          latest.remove(row.description());
        } else {
          latest.put(row.description(), row);
        }
      }
    }
    return latest;
  }
}

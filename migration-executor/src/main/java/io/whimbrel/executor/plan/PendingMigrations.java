package io.whimbrel.executor.plan;

import io.whimbrel.executor.apply.AppliedMigration;
import io.whimbrel.executor.apply.History;
import io.whimbrel.executor.catalog.Catalogue;
import io.whimbrel.executor.catalog.Migration;
import io.whimbrel.executor.catalog.Placeholders;
import io.whimbrel.executor.catalog.Refusal;
import io.whimbrel.executor.catalog.Uncarried;
import io.whimbrel.executor.catalog.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Compares a catalogue with what a target's history says. Decides only; touches nothing.
 *
 * <p>As with Flyway, a migration is never applied before another one of a smaller version, unless
 * the target allows it, and nothing is applied while an applied script has changed or is missing.
 * Files of applied versions above the whole catalogue may be missing: then the catalogue is older
 * than the target.
 */
public final class PendingMigrations {

  private static final int NAMED_AT_ONCE = 5;
  private static final int FILES_NAMED = 50;

  private final Catalogue catalogue;
  private final Placeholders placeholders;
  private final History history;
  private final TreeMap<Version, AppliedMigration> applied;
  private final boolean outOfOrder;

  public PendingMigrations(Catalogue catalogue, History history, Placeholders placeholders) {
    this(catalogue, history, placeholders, false);
  }

  /**
   * @param outOfOrder whether a version below the last applied one may still be applied
   */
  public PendingMigrations(
      Catalogue catalogue, History history, Placeholders placeholders, boolean outOfOrder) {
    this.outOfOrder = outOfOrder;
    this.catalogue = catalogue;
    this.placeholders = placeholders;
    this.history = history;
    this.applied = history.versions();
  }

  /** Everything that is pending, in order, whatever else is wrong; for overviews. */
  public List<Migration> all() {
    List<Migration> pending = new ArrayList<>(versioned());
    catalogue.repeatable().stream().filter(this::isDue).forEach(pending::add);
    return pending;
  }

  /**
   * What a selection comes to, in the order of application; empty if nothing is pending.
   *
   * @throws Refusal if the catalogue has a problem, an applied migration is missing or changed, one
   *     is out of order, the name is unknown, ambiguous or already applied, or a migration that one
   *     depends on is not there before it
   */
  public List<Migration> select(Selection selection) {
    requireSound();
    List<Migration> chosen;
    if (selection instanceof Selection.UpTo upTo) {
      chosen = upTo(catalogue.named(upTo.name()));
    } else if (selection instanceof Selection.Named named) {
      chosen = List.of(one(catalogue.named(named.name())));
    } else {
      chosen = all();
    }
    return new Dependencies(catalogue, this::isApplied).inOrder(chosen);
  }

  private void requireSound() {
    if (!catalogue.problems().isEmpty()) {
      throw new Refusal("The catalogue has problems: " + some(catalogue.problems()));
    }
    List<String> foreign =
        catalogue.uncarried().stream()
            .filter(this::isPending)
            .map(Uncarried::sentence)
            .distinct()
            .toList();
    if (!foreign.isEmpty()) {
      throw new Refusal("These cannot be run: " + some(foreign, FILES_NAMED));
    }
    List<String> problems = new AppliedCheck(catalogue, history).problems();
    if (!problems.isEmpty()) {
      throw new Refusal(some(problems));
    }
    List<Migration> late = versioned().stream().filter(this::isOutOfOrder).toList();
    if (!late.isEmpty()) {
      throw new Refusal(
          "Version "
              + applied.lastKey()
              + " is applied, so these would be out of order; give them greater versions, or allow"
              + " outOfOrder: "
              + some(late.stream().map(Migration::script).toList()));
    }
  }

  private List<Migration> upTo(Migration last) {
    if (last.version() == null) {
      throw new Refusal(
          last.script() + " is repeatable, and has no place in the order; name a version");
    }
    return versioned().stream()
        .filter(m -> m.requiredVersion().compareTo(last.requiredVersion()) <= 0)
        .toList();
  }

  private Migration one(Migration named) {
    if (isApplied(named) && !isDue(named)) {
      throw new Refusal(named.script() + " is already applied");
    }
    if (named.version() == null) {
      return named;
    }
    List<Migration> before = upTo(named);
    if (before.size() > 1 && !outOfOrder) {
      throw new Refusal(
          named.script()
              + " is not the next: "
              + some(before.subList(0, before.size() - 1).stream().map(Migration::script).toList())
              + " would be out of order after it; ask for everything up to "
              + named.version());
    }
    return named;
  }

  private List<Migration> versioned() {
    return catalogue.versioned().stream().filter(m -> !isApplied(m)).toList();
  }

  private boolean isApplied(Migration migration) {
    if (migration.version() == null) {
      return history.repeatables().containsKey(migration.description());
    }
    return isApplied(migration.requiredVersion());
  }

  private boolean isApplied(Version version) {
    return applied.containsKey(version)
        || history.baseline().filter(baseline -> version.compareTo(baseline) <= 0).isPresent();
  }

  private boolean isOutOfOrder(Migration migration) {
    return !outOfOrder
        && !applied.isEmpty()
        && migration.requiredVersion().compareTo(applied.lastKey()) < 0;
  }

  // The history may hold the checksum of the file or that of the text with placeholders replaced.
  private boolean isDue(Migration migration) {
    if (migration.kind() != Migration.Kind.REPEATABLE) {
      return !isApplied(migration);
    }
    Map<String, AppliedMigration> last = history.repeatables();
    AppliedMigration row = last.get(migration.description());
    if (row == null || row.checksum() == null) {
      return true;
    }
    return row.checksum() != migration.checksum()
        && row.checksum() != placeholders.checksum(migration);
  }

  // What Flyway has applied is as good as ours; a callback has no row that would say so.
  private boolean isPending(Uncarried file) {
    Version version = file.version();
    if (version != null) {
      return !isApplied(version);
    }
    String description = file.description();
    return description == null || !history.repeatables().containsKey(description);
  }

  private static String some(List<String> items) {
    return some(items, NAMED_AT_ONCE);
  }

  private static String some(List<String> items, int atMost) {
    String named = items.stream().limit(atMost).collect(Collectors.joining("; "));
    int more = items.size() - atMost;
    return more > 0 ? named + "; and " + more + " more" : named;
  }
}

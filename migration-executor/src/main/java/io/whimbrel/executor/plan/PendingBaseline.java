package io.whimbrel.executor.plan;

import io.whimbrel.executor.apply.History;
import io.whimbrel.executor.catalog.Catalogue;
import io.whimbrel.executor.catalog.Migration;
import io.whimbrel.executor.catalog.Refusal;
import io.whimbrel.executor.catalog.Version;
import java.util.List;
import java.util.Optional;

/**
 * The baseline migration that a target begins with if nothing is applied on it: as with Flyway the
 * last of the catalogue, in place of all versions up to its own.
 */
public record PendingBaseline(Optional<Migration> script) {

  public static PendingBaseline of(Catalogue catalogue, History history) {
    List<Migration> all = catalogue.baselines();
    boolean begun = !history.versions().isEmpty() || history.baseline().isPresent();
    return new PendingBaseline(
        begun || all.isEmpty() ? Optional.empty() : Optional.of(all.get(all.size() - 1)));
  }

  /** Whether it takes the place of what has this version. */
  boolean covers(Version version) {
    return script.filter(base -> version.compareTo(base.requiredVersion()) <= 0).isPresent();
  }

  /** Whether it takes the place of another migration. */
  public boolean covers(Migration migration) {
    return migration.version() != null
        && covers(migration.version())
        && !script.equals(Optional.of(migration));
  }

  /**
   * Makes sure that a migration can be run where it is named.
   *
   * @throws Refusal if this one takes its place, or it is a baseline that has no place any more
   */
  void requireRunnable(Migration named) {
    if (covers(named)) {
      throw refusal(named);
    }
    if (named.kind() == Migration.Kind.BASELINE && script.isEmpty()) {
      throw new Refusal(
          named.script()
              + " runs only where nothing is applied; name the versions that it stands for");
    }
  }

  /**
   * Makes sure that a run may end at a version.
   *
   * @throws Refusal if it is below this one
   */
  void requireReached(Migration last) {
    if (covers(last) && !last.requiredVersion().equals(script.orElseThrow().requiredVersion())) {
      throw refusal(last);
    }
  }

  private Refusal refusal(Migration migration) {
    Migration base = script.orElseThrow();
    return new Refusal(
        migration.script()
            + " is not run where nothing is applied, as "
            + base.script()
            + " takes its place; ask for everything up to "
            + base.version()
            + " or more");
  }
}

package io.whimbrel.executor.plan;

import io.whimbrel.executor.catalog.Catalogue;
import io.whimbrel.executor.catalog.Migration;
import io.whimbrel.executor.catalog.Refusal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Holds the order against the {@code depends-on} headers. Versions keep their order, whatever
 * depends on what; repeatable migrations come after those they depend on.
 */
final class Dependencies {

  private final Catalogue catalogue;
  private final Predicate<Migration> applied;
  private final Set<Migration> ordered = new LinkedHashSet<>();
  private final Set<Migration> open = new LinkedHashSet<>();
  private List<Migration> chosen = List.of();

  Dependencies(Catalogue catalogue, Predicate<Migration> applied) {
    this.catalogue = catalogue;
    this.applied = applied;
  }

  /**
   * The chosen ones in their order.
   *
   * @throws Refusal if one depends on a migration that is neither applied nor before it, or on
   *     itself by way of others
   */
  List<Migration> inOrder(List<Migration> chosenOnes) {
    chosen = chosenOnes;
    chosen.forEach(this::place);
    return new ArrayList<>(ordered);
  }

  private void place(Migration migration) {
    if (ordered.contains(migration)) {
      return;
    }
    if (!open.add(migration)) {
      throw new Refusal(
          "These depend on each other; remove one depends-on: "
              + open.stream().map(Migration::script).collect(Collectors.joining(", ")));
    }
    for (String name : migration.headers().dependsOn()) {
      require(migration, catalogue.named(name));
    }
    open.remove(migration);
    ordered.add(migration);
  }

  private void require(Migration migration, Migration needed) {
    if (chosen.contains(needed) && mayMoveUp(needed)) {
      place(needed);
    } else if (!applied.test(needed) && !ordered.contains(needed)) {
      String remedy =
          chosen.contains(needed)
              ? "which comes after it; give it a greater version"
              : "which is not applied; apply that one first";
      throw new Refusal(migration.script() + " depends on " + needed.script() + ", " + remedy);
    }
  }

  private boolean mayMoveUp(Migration needed) {
    return needed.kind() == Migration.Kind.REPEATABLE
        && open.stream().allMatch(m -> m.kind() == Migration.Kind.REPEATABLE);
  }
}

package io.whimbrel.executor.plan;

import io.whimbrel.executor.catalog.Catalogue;
import io.whimbrel.executor.catalog.Migration;
import io.whimbrel.executor.catalog.Refusal;
import io.whimbrel.executor.plan.PlanProblem.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Holds the order against the {@code depends-on} headers. Versions keep their order, whatever
 * depends on what; repeatable migrations come after those they depend on. What is applied is
 * followed no further.
 */
final class Dependencies {

  private final Catalogue catalogue;
  private final Predicate<Migration> applied;

  private final Map<Migration, List<Migration>> needs = new LinkedHashMap<>();
  private final Set<Migration> open = new LinkedHashSet<>();
  private final Set<List<Migration>> inCycles = new HashSet<>();
  private final List<PlanProblem> problems = new ArrayList<>();

  Dependencies(Catalogue catalogue, Predicate<Migration> applied) {
    this.catalogue = catalogue;
    this.applied = applied;
  }

  /** Migrations in the order in which they are to be applied, and what speaks against it. */
  record Order(List<Migration> migrations, List<PlanProblem> problems) {}

  /** The order of exactly these. */
  Order of(List<Migration> chosen) {
    chosen.forEach(this::explore);
    return order(chosen);
  }

  /** The order of these and of everything pending that they depend on, and nothing else. */
  Order withNeeded(List<Migration> chosen) {
    chosen.forEach(this::explore);
    List<Migration> set =
        Stream.of(catalogue.baselines(), catalogue.versioned(), catalogue.repeatable())
            .flatMap(List::stream)
            .filter(m -> chosen.contains(m) || (needs.containsKey(m) && !applied.test(m)))
            .toList();
    return order(set);
  }

  private void explore(Migration migration) {
    if (open.contains(migration)) {
      noteCycle(migration);
      return;
    }
    if (needs.containsKey(migration)) {
      return;
    }
    open.add(migration);
    List<Migration> needed = needed(migration);
    needs.put(migration, needed);
    needed.stream().filter(one -> !applied.test(one)).forEach(this::explore);
    open.remove(migration);
  }

  private List<Migration> needed(Migration migration) {
    List<Migration> needed = new ArrayList<>();
    for (String name : names(migration)) {
      try {
        needed.add(catalogue.named(name));
      } catch (Refusal unknown) {
        problems.add(
            new PlanProblem(
                Kind.DEPENDENCY_MISSING,
                migration.script(),
                migration.script()
                    + " has a depends-on that leads nowhere. "
                    + unknown.getMessage(),
                path(open, name)));
      }
    }
    return needed;
  }

  private List<String> names(Migration migration) {
    try {
      return migration.headers().dependsOn();
    } catch (Refusal malformed) {
      // Whoever makes the script ready says so.
      return List.of();
    }
  }

  private void noteCycle(Migration again) {
    List<Migration> cycle = open.stream().dropWhile(m -> !m.equals(again)).toList();
    for (int i = 0; i < cycle.size(); i++) {
      inCycles.add(List.of(cycle.get(i), cycle.get((i + 1) % cycle.size())));
    }
    List<String> scripts = cycle.stream().map(Migration::script).toList();
    problems.add(
        new PlanProblem(
            Kind.DEPENDENCY_CYCLE,
            again.script(),
            "These depend on each other; remove one depends-on: " + String.join(", ", scripts),
            path(cycle, again.script())));
  }

  private Order order(List<Migration> chosen) {
    Set<Migration> set = new LinkedHashSet<>(chosen);
    Set<Migration> ordered = new LinkedHashSet<>();
    set.forEach(migration -> place(migration, set, ordered, new HashSet<>()));
    List<Migration> order = List.copyOf(ordered);
    Set<Migration> before = new HashSet<>();
    for (Migration migration : order) {
      needs.getOrDefault(migration, List.of()).stream()
          .filter(needed -> !before.contains(needed) && !applied.test(needed))
          .filter(needed -> !inCycles.contains(List.of(migration, needed)))
          .forEach(needed -> problems.add(unmet(migration, needed, set)));
      before.add(migration);
    }
    return new Order(order, List.copyOf(problems));
  }

  private void place(
      Migration migration, Set<Migration> set, Set<Migration> ordered, Set<Migration> placing) {
    if (ordered.contains(migration) || !placing.add(migration)) {
      return;
    }
    if (isRepeatable(migration)) {
      needs.getOrDefault(migration, List.of()).stream()
          .filter(needed -> isRepeatable(needed) && set.contains(needed))
          .forEach(needed -> place(needed, set, ordered, placing));
    }
    ordered.add(migration);
  }

  private static PlanProblem unmet(Migration migration, Migration needed, Set<Migration> set) {
    boolean later = set.contains(needed);
    String remedy =
        !later
            ? "which is not applied; apply that one first"
            : isRepeatable(needed)
                ? "which is repeatable and so comes after every version; make it a versioned one"
                : "which comes after it; give it a greater version";
    return new PlanProblem(
        later ? Kind.DEPENDENCY_LATER : Kind.DEPENDENCY_NOT_APPLIED,
        migration.script(),
        migration.script() + " depends on " + needed.script() + ", " + remedy,
        List.of(migration.script(), needed.script()));
  }

  private static boolean isRepeatable(Migration migration) {
    return migration.kind() == Migration.Kind.REPEATABLE;
  }

  private static List<String> path(Collection<Migration> from, String last) {
    return Stream.concat(from.stream().map(Migration::script), Stream.of(last)).toList();
  }
}

package io.whimbrel.executor.rehearsal.observe;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** All things of one kind, as they were when last looked at. */
final class Shelf<S> {
  private final Map<Long, CatalogueRow<S>> rows = new HashMap<>();
  private final Map<Long, Set<Long>> ofTable = new HashMap<>();

  /**
   * Puts what is there now in the place of what was.
   *
   * @param tables whose things were read; null for all
   * @param now what was read of them
   * @return what is not as it was
   */
  List<Difference<S>> replace(@Nullable Set<Long> tables, List<CatalogueRow<S>> now) {
    Set<Long> gone = numbers(tables);
    List<Difference<S>> differences = new ArrayList<>();
    for (CatalogueRow<S> row : now) {
      gone.remove(row.number());
      CatalogueRow<S> before = put(row);
      var difference = new Difference<>(before, row);
      if (difference.visible() || difference.newFile()) {
        differences.add(difference);
      }
    }
    for (Long number : gone) {
      differences.add(new Difference<>(remove(number), null));
    }
    return differences;
  }

  /**
   * Puts single things in the place of what was.
   *
   * @param there whether such a thing is still there
   * @return what is not as it was
   */
  List<Difference<S>> update(List<CatalogueRow<S>> now, Predicate<S> there) {
    List<Difference<S>> differences = new ArrayList<>();
    for (CatalogueRow<S> row : now) {
      boolean is = there.test(row.state());
      var difference = new Difference<>(is ? put(row) : remove(row.number()), is ? row : null);
      if ((difference.before() != null || is) && difference.visible()) {
        differences.add(difference);
      }
    }
    return differences;
  }

  @Nullable CatalogueRow<S> get(long number) {
    return rows.get(number);
  }

  private Set<Long> numbers(@Nullable Set<Long> tables) {
    if (tables == null) {
      return new HashSet<>(rows.keySet());
    }
    Set<Long> numbers = new HashSet<>();
    tables.forEach(table -> numbers.addAll(ofTable.getOrDefault(table, Set.of())));
    return numbers;
  }

  private @Nullable CatalogueRow<S> put(CatalogueRow<S> row) {
    ofTable.computeIfAbsent(row.table(), table -> new HashSet<>()).add(row.number());
    return rows.put(row.number(), row);
  }

  private @Nullable CatalogueRow<S> remove(long number) {
    CatalogueRow<S> removed = rows.remove(number);
    if (removed != null) {
      ofTable.getOrDefault(removed.table(), new HashSet<>()).remove(number);
    }
    return removed;
  }
}

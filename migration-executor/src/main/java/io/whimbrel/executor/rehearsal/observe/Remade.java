package io.whimbrel.executor.rehearsal.observe;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Indexes and constraints that PostgreSQL has dropped and made again as they were, as it does when
 * a column of theirs gets another type. To people they are the same.
 */
final class Remade {
  private Remade() {}

  /** All but the remade. */
  static <S> List<Difference<S>> without(
      List<Difference<S>> differences, Function<S, String> definition) {
    Map<List<Object>, Integer> gone = new HashMap<>();
    for (Difference<S> one : differences) {
      if (one.dropped()) {
        gone.merge(key(one, one.before(), definition), 1, Integer::sum);
      }
    }
    Map<List<Object>, Integer> again = new HashMap<>();
    List<Difference<S>> rest = new ArrayList<>();
    for (Difference<S> one : differences) {
      List<Object> key = key(one, one.after(), definition);
      if (one.created() && gone.getOrDefault(key, 0) > 0) {
        gone.merge(key, -1, Integer::sum);
        again.merge(key, 1, Integer::sum);
      } else {
        rest.add(one);
      }
    }
    rest.removeIf(
        one -> {
          List<Object> key = key(one, one.before(), definition);
          if (!one.dropped() || again.getOrDefault(key, 0) == 0) {
            return false;
          }
          again.merge(key, -1, Integer::sum);
          return true;
        });
    return rest;
  }

  private static <S> List<Object> key(
      Difference<S> one, @Nullable CatalogueRow<S> row, Function<S, String> definition) {
    return row == null
        ? List.of()
        : List.of(one.table(), row.compared().get(0), definition.apply(row.state()));
  }
}

package io.whimbrel.event;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What risks are called in policies and in {@code acceptRisks}. The executor knows what they mean.
 */
public final class RiskRuleName {

  /** Every one, by the alphabet. */
  public static final List<String> ALL =
      List.of(
          "check-validated-at-once",
          "column-dropped",
          "column-narrowed",
          "column-renamed",
          "constraint-builds-index",
          "enum-created",
          "enum-value-used-at-once",
          "exclusion-constraint-builds-index",
          "foreign-key-validated-at-once",
          "foreign-key-without-index",
          "generated-column-rewrites",
          "index-dropped-under-lock",
          "index-of-many-columns",
          "index-without-concurrently",
          "json-column",
          "no-lock-timeout",
          "not-null-checks-all-rows",
          "not-rehearsed",
          "numbered-column-rewrites",
          "partition-attached-with-scan",
          "partition-detached-under-lock",
          "reindex-under-lock",
          "rows-changed-at-once",
          "rows-changed-under-lock",
          "several-tables-locked",
          "small-primary-key",
          "statement-after-exclusive-lock",
          "table-altered-repeatedly",
          "table-dropped",
          "table-renamed",
          "table-rewritten",
          "table-truncated",
          "type-change-rebuilds-or-checks",
          "type-change-rewrites",
          "view-dropped",
          "view-refreshed-under-lock",
          "volatile-default-rewrites",
          "work-under-lock");

  private RiskRuleName() {}

  /**
   * What is wrong with such names and how to put it right, without repeating them.
   *
   * @param field where they stand
   */
  public static Optional<String> complaint(String field, List<String> names) {
    return IntStream.range(0, names.size())
        .filter(i -> !ALL.contains(names.get(i)))
        .mapToObj(
            i ->
                "Name %d under %s is not that of a risk; use those that the plan gives. They are %s"
                    .formatted(i + 1, field, String.join(", ", ALL)))
        .findFirst();
  }
}

package io.whimbrel.validation.api;

import io.whimbrel.event.Phase;
import io.whimbrel.event.TableName;
import io.whimbrel.target.Target;
import io.whimbrel.validation.report.Reach;
import io.whimbrel.validation.report.Subject;
import io.whimbrel.validation.report.Wish;
import io.whimbrel.validation.rule.Category;
import io.whimbrel.validation.rule.Mode;
import io.whimbrel.validation.rule.RuleDescription;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A validation as a user orders it.
 *
 * @param scope {@code touched}, {@code tables} or {@code database}; without it the tables, or the
 *     database if none are named
 * @param tables names with their schema, or without it those of the target's default schema
 * @param mode {@code quick}, {@code full} or {@code sample}
 * @param since the validation of the same target to compare with
 */
record Order(
    @Nullable String target,
    @Nullable String scope,
    @Nullable List<String> tables,
    @Nullable List<String> rules,
    @Nullable List<String> categories,
    @Nullable String mode,
    @Nullable Boolean strict,
    @Nullable UUID since) {

  /**
   * What a user has to change about it; empty if nothing.
   *
   * @param catalogue the rules that there are
   */
  Optional<String> mistake(List<RuleDescription> catalogue) {
    List<String> ids = catalogue.stream().map(RuleDescription::id).toList();
    if (target == null || target.isBlank()) {
      return Optional.of("target must name a target");
    }
    if (scope != null && reach().isEmpty()) {
      return Optional.of("scope must be one of touched, tables, database");
    }
    boolean named = !orNone(tables).isEmpty();
    if (reach().orElse(Reach.DATABASE) == Reach.DATABASE == named && scope != null) {
      return Optional.of(
          named
              ? "tables go with the scopes touched and tables, not with database"
              : "tables must name at least one table for the scopes touched and tables");
    }
    if (mode != null && wantedMode().isEmpty()) {
      return Optional.of("mode must be one of quick, full, sample");
    }
    return unknown("rules", rules, ids::contains, ids.stream())
        .or(
            () ->
                unknown(
                    "categories",
                    categories,
                    id -> Category.of(id).isPresent(),
                    Stream.of(Category.values()).map(Category::id)))
        .or(() -> noRule(catalogue));
  }

  /** The validation that is ordered; only for an order without a mistake. */
  Subject subject(UUID id, Target declared) {
    Wish wish =
        new Wish(
            reach().orElse(orNone(tables).isEmpty() ? Reach.DATABASE : Reach.TABLES),
            orNone(rules),
            orNone(categories),
            wantedMode().orElse(null),
            strict,
            since);
    List<TableName> names =
        orNone(tables).stream().map(table -> name(table, declared.defaultSchema())).toList();
    return new Subject(id, null, Phase.TARGETED, declared.name(), names, wish);
  }

  private Optional<String> noRule(List<RuleDescription> catalogue) {
    List<String> ids = orNone(rules);
    List<String> wanted = orNone(categories);
    boolean some =
        ids.isEmpty()
            || wanted.isEmpty()
            || catalogue.stream()
                .anyMatch(rule -> ids.contains(rule.id()) && wanted.contains(rule.category().id()));
    return some
        ? Optional.empty()
        : Optional.of("none of the rules is of one of the categories; leave one of them out");
  }

  private static Optional<String> unknown(
      String field, @Nullable List<String> values, Predicate<String> known, Stream<String> all) {
    return orNone(values).stream().allMatch(known)
        ? Optional.empty()
        : Optional.of(field + " must be of " + all.collect(Collectors.joining(", ")));
  }

  private Optional<Reach> reach() {
    return Stream.of(Reach.values()).filter(reach -> reach.id().equals(scope)).findFirst();
  }

  private Optional<Mode> wantedMode() {
    return Stream.of(Mode.values())
        .filter(known -> known.name().toLowerCase(Locale.ROOT).equals(mode))
        .findFirst();
  }

  private static TableName name(String table, String defaultSchema) {
    int dot = table.indexOf('.');
    return dot < 0
        ? new TableName(defaultSchema, table)
        : new TableName(table.substring(0, dot), table.substring(dot + 1));
  }

  private static List<String> orNone(@Nullable List<String> values) {
    return values == null ? List.of() : values;
  }
}

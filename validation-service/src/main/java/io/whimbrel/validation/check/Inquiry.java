package io.whimbrel.validation.check;

import io.whimbrel.validation.report.RuleResult;
import io.whimbrel.validation.rule.Declared;
import io.whimbrel.validation.rule.Finding;
import io.whimbrel.validation.rule.Look;
import io.whimbrel.validation.rule.Mode;
import io.whimbrel.validation.rule.Obstacle;
import io.whimbrel.validation.rule.Occasion;
import io.whimbrel.validation.rule.Outcome;
import io.whimbrel.validation.rule.Rule;
import io.whimbrel.validation.rule.RuleContext;
import io.whimbrel.validation.rule.Scope;
import io.whimbrel.validation.rule.SqlStates;
import io.whimbrel.validation.rule.Table;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What one rule wants to know.
 *
 * @param obstacles why it could not ask for more
 * @param failure why it could not ask at all
 */
record Inquiry(
    Rule rule,
    List<Look> looks,
    List<Obstacle> obstacles,
    Duration planning,
    @Nullable String failure) {

  /**
   * Asks the rule.
   *
   * @throws SQLException if the target as a whole cannot be looked at now
   */
  static Inquiry plan(
      Connection connection,
      Scope scope,
      Mode mode,
      Declared declared,
      Occasion occasion,
      Rule rule)
      throws SQLException {
    long start = System.nanoTime();
    RuleContext context = new RuleContext(connection, scope, mode, declared, occasion);
    Savepoint before = connection.setSavepoint();
    try {
      List<Look> looks = rule.looks(context);
      connection.releaseSavepoint(before);
      return new Inquiry(rule, looks, context.obstacles(), since(start), null);
    } catch (SQLException e) {
      if (SqlStates.passing(e)) {
        throw e;
      }
      connection.rollback(before);
      String failure = "the look failed with SQLSTATE " + SqlStates.of(e);
      return new Inquiry(rule, List.of(), List.of(), since(start), failure);
    }
  }

  /** What of it concerns touched tables, or none. */
  Inquiry ofTouched() {
    List<Look> few =
        looks.stream()
            .filter(look -> Optional.ofNullable(look.table()).map(Table::touched).orElse(true))
            .toList();
    return new Inquiry(rule, few, obstacles, planning, failure);
  }

  /** What came of it. */
  RuleResult result(Map<Look, Outcome> outcomes) {
    if (failure != null) {
      return RuleResult.failed(rule.id(), planning, failure);
    }
    List<Outcome> own =
        looks.stream().map(look -> Objects.requireNonNull(outcomes.get(look))).toList();
    List<Finding> findings =
        own.stream().flatMap(outcome -> outcome.findings().stream()).distinct().toList();
    List<Obstacle> all =
        Stream.concat(
                obstacles.stream(), own.stream().map(Outcome::obstacle).flatMap(Stream::ofNullable))
            .distinct()
            .toList();
    Duration duration = planning.plusNanos(own.stream().mapToLong(Outcome::nanos).distinct().sum());
    int notes = (int) looks.stream().filter(Look.Note.class::isInstance).count();
    return RuleResult.of(rule.id(), looks.size() - notes, notes, duration, findings, all);
  }

  private static Duration since(long start) {
    return Duration.ofNanos(System.nanoTime() - start);
  }
}

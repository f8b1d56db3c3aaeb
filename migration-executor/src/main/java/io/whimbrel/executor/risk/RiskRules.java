package io.whimbrel.executor.risk;

import static io.whimbrel.executor.risk.RiskRule.rule;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The catalogue. */
public final class RiskRules {

  /** Decided from a failure, not from a statement that has run. */
  static final RiskRule ENUM_VALUE_USED =
      rule(
              "enum-value-used-at-once",
              "A new enum value is used in its own transaction",
              RiskLevel.HIGH,
              false)
          .when("The rehearsal failed with SQLSTATE 55P04.")
          .then("PostgreSQL refuses to use the value before it is committed; the migration fails.")
          .instead("Add the value in one migration and use it in the next.")
          .bad(
              "create type mood as enum ('calm'); create table people (id bigint, mood mood);",
              "alter type mood add value 'cross'; insert into people values (1, 'cross');")
          .good(
              "create type mood as enum ('calm'); create table people (id bigint, mood mood);",
              "alter type mood add value 'cross';",
              "insert into people values (1, 'cross');")
          .judgedBy(scene -> List.of());

  /** In the order of documents. */
  public static final List<RiskRule> ALL =
      Stream.of(
              IndexRules.ALL,
              ConstraintRules.ALL,
              TypeRules.ALL,
              ColumnRules.ALL,
              TableRules.ALL,
              TransactionRules.ALL,
              List.of(ENUM_VALUE_USED))
          .flatMap(List::stream)
          .toList();

  private RiskRules() {}

  public static Optional<RiskRule> find(String id) {
    return ALL.stream().filter(rule -> rule.id().equals(id)).findFirst();
  }
}

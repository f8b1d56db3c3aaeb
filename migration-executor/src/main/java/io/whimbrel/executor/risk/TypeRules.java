package io.whimbrel.executor.risk;

import static io.whimbrel.executor.risk.ColumnRules.USERS;
import static io.whimbrel.executor.risk.ColumnRules.found;
import static io.whimbrel.executor.risk.ColumnRules.rewrites;
import static io.whimbrel.executor.risk.RiskRule.rule;

import io.whimbrel.executor.rehearsal.facts.Change;
import io.whimbrel.executor.rehearsal.facts.ColumnState;
import java.util.List;
import java.util.stream.Stream;

/** Columns that have another type or collation. */
final class TypeRules {
  static final RiskRule TYPE_REWRITES =
      rule("type-change-rewrites", "Another type rewrites the table", RiskLevel.HIGH, true)
          .when("A column has another type, and its table another file.")
          .then("Nobody can read or write the table until it is written anew with all its indexes.")
          .instead(
              "Add a column of the new type beside the old one, keep it in step with a trigger,"
                  + " fill it in batches, let programs change over, and drop the old one last.")
          .bad(USERS, "alter table users alter column age type bigint;")
          .good(USERS, "alter table users add column age_new bigint;")
          .judgedBy(
              scene ->
                  retyped(scene)
                      .filter(c -> !narrowed(c) && rewrites(scene, c.is()))
                      .map(
                          c ->
                              found(c.is(), "rewrites")
                                  .safer(Safer.expandAndContract(c.was(), c.is())))
                      .toList());

  static final RiskRule TYPE_CHECKS =
      rule(
              "type-change-rebuilds-or-checks",
              "Another type makes work without a rewrite",
              RiskLevel.MEDIUM,
              true)
          .when(
              "A column has another type, its table the same file, and an index was built or the"
                  + " table scanned for it.")
          .then("Nobody can read or write the table until that is done.")
          .instead("Drop the index and make it again concurrently, around the change of the type.")
          .bad(
              USERS + " create index users_by_code on users (code);",
              "alter table users alter column code type varchar collate \"C\";")
          .good(
              USERS + " create index users_by_code on users (code);",
              "drop index concurrently users_by_code;",
              "alter table users alter column code type varchar collate \"C\";",
              "create index concurrently users_by_code on users (code);")
          .judgedBy(
              scene ->
                  retyped(scene)
                      .filter(
                          c ->
                              !narrowed(c)
                                  && !rewrites(scene, c.is())
                                  && scene.statement().work().stream()
                                      .anyMatch(w -> w.table().equals(c.is().onTarget())))
                      .map(c -> found(c.is(), "rebuilds indexes or checks all rows of"))
                      .toList());

  static final RiskRule NARROWED =
      rule("column-narrowed", "A column becomes narrower", RiskLevel.HIGH, false)
          .when("A column has a type that holds less than the one before.")
          .then("The migration fails at the first value that does not fit, or cuts it short.")
          .instead(
              "Look for such values first. A CHECK that is added NOT VALID and then validated says"
                  + " the same as a shorter type and rewrites nothing.")
          .bad(USERS, "alter table users alter column name type varchar(20);")
          .good(
              USERS,
              "alter table users add constraint short check (length(name) <= 20) not valid;",
              "alter table users validate constraint short;")
          .judgedBy(
              scene ->
                  retyped(scene)
                      .filter(TypeRules::narrowed)
                      .map(
                          c ->
                              found(
                                  c.is(),
                                  "narrows %s from %s to %s in"
                                      .formatted(c.is().name(), c.was().type(), c.is().type())))
                      .toList());

  static final List<RiskRule> ALL = List.of(TYPE_REWRITES, TYPE_CHECKS, NARROWED);

  private TypeRules() {}

  private static Stream<Change<ColumnState>> retyped(Scene scene) {
    return scene.changes().columns().stream()
        .filter(
            c ->
                c.altered()
                    && c.was().onTarget() != null
                    && (!c.was().type().equals(c.is().type())
                        || !String.valueOf(c.was().collation())
                            .equals(String.valueOf(c.is().collation()))));
  }

  private static boolean narrowed(Change<ColumnState> change) {
    return ColumnType.of(change.is().type()).holdsLessThan(ColumnType.of(change.was().type()));
  }
}

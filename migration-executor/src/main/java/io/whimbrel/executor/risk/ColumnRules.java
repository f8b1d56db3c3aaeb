package io.whimbrel.executor.risk;

import static io.whimbrel.executor.risk.RiskRule.rule;

import io.whimbrel.event.TableName;
import io.whimbrel.executor.rehearsal.facts.Change;
import io.whimbrel.executor.rehearsal.facts.ColumnState;
import io.whimbrel.executor.rehearsal.facts.Work;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Columns: new, of another name, and dropped. */
final class ColumnRules {
  private static final Set<String> SMALL = Set.of("integer", "smallint");

  static final String USERS =
      "create table users (id bigint primary key, name varchar(50), age int, code text);";

  static final RiskRule VOLATILE_DEFAULT =
      rule(
              "volatile-default-rewrites",
              "A default that differs from row to row rewrites the table",
              RiskLevel.HIGH,
              true)
          .when("A column with a default is new, and its table has another file.")
          .then("Nobody can read or write the table until every row has its value.")
          .instead("Add the column without the default, set the default, and fill it in batches.")
          .bad(USERS, "alter table users add column token uuid default gen_random_uuid();")
          .good(
              USERS,
              "alter table users add column token uuid;",
              "alter table users alter column token set default gen_random_uuid();")
          .judgedBy(
              scene ->
                  rewriting(scene, c -> c.generated() == null && !numbered(c) && hasDefault(c))
                      .map(c -> found(c, "rewrites").safer(Safer.defaultLater(c)))
                      .toList());

  static final RiskRule NUMBERED =
      rule(
              "numbered-column-rewrites",
              "A column that numbers rows rewrites the table",
              RiskLevel.HIGH,
              true)
          .when(
              "A column that is an identity or takes its default from a sequence is new, and its"
                  + " table has another file.")
          .then("Nobody can read or write the table until every row has its number.")
          .instead(
              "Add the column without a default, make the sequence its default, and number the rows"
                  + " in batches.")
          .bad(USERS, "alter table users add column number bigint generated always as identity;")
          .good(
              USERS,
              "create sequence user_numbers;",
              "alter table users add column number bigint;",
              "alter table users alter column number set default nextval('user_numbers');")
          .judgedBy(
              scene ->
                  rewriting(scene, c -> c.generated() == null && numbered(c))
                      .map(c -> found(c, "rewrites"))
                      .toList());

  static final RiskRule GENERATED =
      rule(
              "generated-column-rewrites",
              "A stored generated column rewrites the table",
              RiskLevel.HIGH,
              true)
          .when("A stored generated column is new, and its table has another file.")
          .then("Nobody can read or write the table until every row has its value.")
          .instead(
              "Use a plain column with a trigger, filled in batches; from PostgreSQL 18 on a"
                  + " virtual generated column needs no room and no time.")
          .bad(
              USERS, "alter table users add column older int generated always as (age + 1) stored;")
          .good(USERS, "alter table users add column older int;")
          .judgedBy(
              scene ->
                  rewriting(scene, c -> c.generated() != null)
                      .map(c -> found(c, "rewrites"))
                      .toList());

  static final RiskRule DROPPED =
      rule("column-dropped", "A column is dropped", RiskLevel.MEDIUM, false)
          .when("A column that was there is gone, and its table is not.")
          .then(
              "Its values are lost, and every program that still names it fails; so may those that"
                  + " remember its table as it was.")
          .instead(
              "Let the programs forget the column first. Take a backup; nothing else brings the"
                  + " values back.")
          .bad(USERS, "alter table users drop column age;")
          .good(USERS, "alter table users alter column age drop not null;")
          .judgedBy(
              scene ->
                  scene.changes().columns().stream()
                      .filter(c -> c.dropped() && c.was().onTarget() != null)
                      .map(
                          c ->
                              found(c.was(), "drops column " + c.was().name() + " of")
                                  .column(c.was().name()))
                      .toList());

  static final RiskRule RENAMED =
      rule("column-renamed", "A column is renamed", RiskLevel.MEDIUM, false)
          .when("A column that was there has another name.")
          .then("Every program that knows the old name fails until it knows the new one.")
          .instead(
              "Add a column by the new name beside the old one, keep it in step, let programs"
                  + " change over, and drop the old one last.")
          .bad(USERS, "alter table users rename column name to nick;")
          .good(USERS, "alter table users add column nick varchar(50);")
          .judgedBy(
              scene ->
                  scene.changes().columns().stream()
                      .filter(
                          c ->
                              c.altered()
                                  && c.was().onTarget() != null
                                  && !c.was().name().equals(c.is().name()))
                      .map(
                          c ->
                              found(
                                      c.is(),
                                      "renames column "
                                          + c.was().name()
                                          + " to "
                                          + c.is().name()
                                          + " of")
                                  .column(c.was().name())
                                  .safer(Safer.expandAndContract(c.was(), c.is())))
                      .toList());

  static final RiskRule SMALL_KEY =
      rule("small-primary-key", "A primary key may run out of numbers", RiskLevel.LOW, false)
          .when("A new primary key, identity or serial column is of type integer or smallint.")
          .then(
              "Inserts fail at 2,147,483,648 or 32,768, and changing the type then rewrites a table"
                  + " of that size.")
          .instead("Use bigint.")
          .bad("create table visits (id int primary key);")
          .good("create table visits (id bigint primary key);")
          .judgedBy(ColumnRules::smallKeys);

  static final RiskRule JSON =
      rule("json-column", "A column is of type json", RiskLevel.LOW, false)
          .when("A new column, or one of another type, is of type json.")
          .then(
              "The type has no equality: SELECT DISTINCT, GROUP BY and UNION over it fail, and it"
                  + " cannot be indexed.")
          .instead("Use jsonb.")
          .bad("create table events (id bigint primary key, body json);")
          .good("create table events (id bigint primary key, body jsonb);")
          .judgedBy(
              scene ->
                  scene.changes().columns().stream()
                      .filter(
                          c ->
                              !c.dropped()
                                  && c.is().type().equals("json")
                                  && (c.created() || !c.was().type().equals("json")))
                      .map(c -> found(c.is(), "has json in " + c.is().name() + " of"))
                      .toList());

  static final List<RiskRule> ALL =
      List.of(VOLATILE_DEFAULT, NUMBERED, GENERATED, DROPPED, RENAMED, SMALL_KEY, JSON);

  private ColumnRules() {}

  private static List<Verdict> smallKeys(Scene scene) {
    Set<List<Object>> keys =
        scene.changes().constraints().stream()
            .filter(Change::created)
            .map(Change::is)
            .filter(k -> k.kind().name().equals("PRIMARY_KEY") && k.columns().size() == 1)
            .map(k -> List.<Object>of(k.table(), k.columns().get(0)))
            .collect(Collectors.toSet());
    return scene.changes().columns().stream()
        .filter(Change::created)
        .map(Change::is)
        .filter(
            c ->
                SMALL.contains(c.type())
                    && (numbered(c) || keys.contains(List.<Object>of(c.table(), c.name()))))
        .map(c -> found(c, "numbers rows with " + c.type() + " in"))
        .toList();
  }

  /** New columns of tables that were there and were rewritten for it. */
  private static Stream<ColumnState> rewriting(Scene scene, Predicate<ColumnState> such) {
    return scene.changes().columns().stream()
        .filter(Change::created)
        .map(Change::is)
        .filter(column -> rewrites(scene, column) && such.test(column));
  }

  static boolean rewrites(Scene scene, ColumnState column) {
    TableName table = column.onTarget();
    return table != null && scene.has(Work.Kind.REWRITE, table);
  }

  private static boolean hasDefault(ColumnState column) {
    return column.defaultValue() != null;
  }

  // As PostgreSQL writes it back, whatever the script called it.
  private static boolean numbered(ColumnState column) {
    String value = column.defaultValue();
    return column.identity() != null || (value != null && value.startsWith("nextval("));
  }

  static Verdict found(ColumnState column, String what) {
    return new Verdict(column.table(), column.onTarget(), what, null);
  }
}

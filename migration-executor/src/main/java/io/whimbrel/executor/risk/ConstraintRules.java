package io.whimbrel.executor.risk;

import static io.whimbrel.executor.risk.RiskRule.rule;

import io.whimbrel.event.TableName;
import io.whimbrel.executor.rehearsal.facts.Change;
import io.whimbrel.executor.rehearsal.facts.ConstraintState;
import io.whimbrel.executor.rehearsal.facts.ConstraintState.Kind;
import io.whimbrel.executor.rehearsal.facts.RelationState;
import io.whimbrel.executor.rehearsal.facts.Work;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Constraints that are checked against rows that are there. */
final class ConstraintRules {
  private static final String USERS =
      "create table users (id bigint primary key, name text, age int);";
  private static final String ORDERS =
      USERS
          + " create table orders (id bigint primary key, user_id bigint);"
          + " create index orders_by_user on orders (user_id);";

  static final RiskRule CHECK =
      rule(
              "check-validated-at-once",
              "A check is added and validated at once",
              RiskLevel.MEDIUM,
              true)
          .when("A CHECK constraint is new and valid on a table that was there.")
          .then("All rows are checked while nobody can read or write the table.")
          .instead("Add it NOT VALID, and validate it in the next migration, which blocks nobody.")
          .bad(USERS, "alter table users add constraint grown check (age > 17);")
          .good(
              USERS,
              "alter table users add constraint grown check (age > 17) not valid;",
              "alter table users validate constraint grown;")
          .judgedBy(scene -> atOnce(scene, Kind.CHECK, "checks all rows of"));

  static final RiskRule FOREIGN_KEY =
      rule(
              "foreign-key-validated-at-once",
              "A foreign key is added and validated at once",
              RiskLevel.MEDIUM,
              true)
          .when("A foreign key is new and valid on a table that was there.")
          .then("All rows are looked up while nobody can write to either of the two tables.")
          .instead(
              "Add it NOT VALID, and validate it in the next migration, which lets writers pass.")
          .bad(
              ORDERS,
              "alter table orders add constraint whose foreign key (user_id) references users;")
          .good(
              ORDERS,
              "alter table orders add constraint whose foreign key (user_id) references users"
                  + " not valid;",
              "alter table orders validate constraint whose;")
          .judgedBy(scene -> atOnce(scene, Kind.FOREIGN_KEY, "looks up all rows of"));

  static final RiskRule UNINDEXED =
      rule("foreign-key-without-index", "A foreign key has no index", RiskLevel.LOW, false)
          .when("No index begins with the columns of a new foreign key, and none is made after it.")
          .then(
              "Whoever deletes a row that is referred to, or changes its key, reads the whole table"
                  + " that refers to it.")
          .instead("Make an index of the columns, concurrently if the table was there.")
          .bad(
              USERS
                  + " create table orders (id bigint primary key,"
                  + " user_id bigint references users);")
          .good(
              USERS
                  + " create table orders (id bigint primary key,"
                  + " user_id bigint references users);"
                  + " create index orders_by_user on orders (user_id);")
          .judgedBy(
              scene ->
                  added(scene, Kind.FOREIGN_KEY)
                      .filter(key -> !key.indexed() && !indexedLater(scene, key))
                      .map(key -> found(key, "refers without an index from"))
                      .toList());

  static final RiskRule NOT_NULL =
      rule("not-null-checks-all-rows", "NOT NULL is set without a proof", RiskLevel.MEDIUM, true)
          .when("A column has become NOT NULL, and the table was scanned for it.")
          .then("All rows are checked while nobody can read or write the table.")
          .instead(
              "Prove it first, by a CHECK (... IS NOT NULL) that is added NOT VALID and then"
                  + " validated; SET NOT NULL then has nothing to check.")
          .bad(USERS, "alter table users alter column name set not null;")
          .good(
              USERS,
              "alter table users add constraint named check (name is not null) not valid;",
              "alter table users validate constraint named;",
              "alter table users alter column name set not null;",
              "alter table users drop constraint named;")
          .judgedBy(
              scene ->
                  scene.changes().columns().stream()
                      .filter(c -> c.altered() && !c.was().notNull() && c.is().notNull())
                      .map(Change::is)
                      .filter(column -> scanned(scene, column.onTarget()))
                      .map(
                          column ->
                              new Verdict(
                                  column.table(),
                                  column.onTarget(),
                                  "looks for NULL in " + column.name() + " of all rows of",
                                  Safer.notNull(column)))
                      .toList());

  static final RiskRule ATTACHED =
      rule(
              "partition-attached-with-scan",
              "A partition is attached and checked at once",
              RiskLevel.MEDIUM,
              true)
          .when("A table that was there has become a partition, and was scanned for it.")
          .then("All its rows are checked while nobody can read or write it.")
          .instead(
              "Add a CHECK with the bounds NOT VALID, validate it, and attach then; drop the CHECK"
                  + " afterwards.")
          .bad(
              "create table days (day date not null) partition by range (day);"
                  + " create table may (day date not null);",
              "alter table days attach partition may for values from ('2026-05-01') to"
                  + " ('2026-06-01');")
          .good(
              "create table days (day date not null) partition by range (day);"
                  + " create table may (day date not null,"
                  + " check (day >= '2026-05-01' and day < '2026-06-01'));",
              "alter table days attach partition may for values from ('2026-05-01') to"
                  + " ('2026-06-01');")
          .judgedBy(
              scene ->
                  scene.changes().relations().stream()
                      .filter(
                          c ->
                              c.altered()
                                  && c.was().partitionOf() == null
                                  && c.is().partitionOf() != null)
                      .map(Change::is)
                      .filter(table -> scanned(scene, table.onTarget()))
                      .map(
                          table ->
                              new Verdict(
                                  table.name(), table.onTarget(), "checks all rows of", null))
                      .toList());

  static final RiskRule DETACHED =
      rule(
              "partition-detached-under-lock",
              "A partition is detached under a lock",
              RiskLevel.LOW,
              false)
          .when("A partition has become a table, in a transaction.")
          .then("It waits for everyone who uses the partitioned table, and others wait for it.")
          .instead("Use DETACH PARTITION ... CONCURRENTLY, in a migration of its own.")
          .bad(
              "create table days (day date not null) partition by range (day); create table may"
                  + " partition of days for values from ('2026-05-01') to ('2026-06-01');",
              "alter table days detach partition may;")
          .good(
              "create table days (day date not null) partition by range (day); create table may"
                  + " partition of days for values from ('2026-05-01') to ('2026-06-01');",
              "alter table days detach partition may concurrently;")
          .judgedBy(
              scene ->
                  scene.statement().locksSeen()
                      ? scene.changes().relations().stream()
                          .filter(
                              c ->
                                  c.altered()
                                      && c.was().onTarget() != null
                                      && c.was().partitionOf() != null
                                      && c.is().partitionOf() == null)
                          .map(Change::was)
                          .map(ConstraintRules::detached)
                          .toList()
                      : List.of());

  static final List<RiskRule> ALL =
      List.of(CHECK, FOREIGN_KEY, UNINDEXED, NOT_NULL, ATTACHED, DETACHED);

  private ConstraintRules() {}

  private static Verdict detached(RelationState partition) {
    TableName parent = partition.partitionOf();
    return new Verdict(
        partition.name(),
        partition.onTarget(),
        "detaches",
        parent == null ? null : Safer.detach(parent, partition.name()));
  }

  private static List<Verdict> atOnce(Scene scene, Kind kind, String what) {
    return added(scene, kind)
        .filter(
            one ->
                one.onTarget() != null
                    && one.validated()
                    && scene.statement().work().stream()
                        .anyMatch(
                            work ->
                                work.kind() == Work.Kind.VALIDATION
                                    && work.table().equals(one.onTarget())
                                    && one.name().equals(work.what())))
        .map(one -> found(one, what).safer(Safer.constraintInTwoSteps(one)))
        .toList();
  }

  private static Stream<ConstraintState> added(Scene scene, Kind kind) {
    return scene.changes().constraints().stream()
        .filter(Change::created)
        .map(Change::is)
        .filter(one -> one.kind() == kind);
  }

  private static boolean scanned(Scene scene, @Nullable TableName onTarget) {
    return onTarget != null && scene.has(Work.Kind.SCAN, onTarget);
  }

  private static boolean indexedLater(Scene scene, ConstraintState key) {
    return scene
        .statements()
        .flatMap(statement -> statement.changes().indexes().stream())
        .filter(change -> !change.dropped())
        .map(Change::is)
        .anyMatch(
            index ->
                index.table().equals(key.table())
                    && !index.partial()
                    && index.columns().size() >= key.columns().size()
                    && index.columns().subList(0, key.columns().size()).containsAll(key.columns()));
  }

  private static Verdict found(ConstraintState constraint, String what) {
    return new Verdict(constraint.table(), constraint.onTarget(), what, null);
  }
}

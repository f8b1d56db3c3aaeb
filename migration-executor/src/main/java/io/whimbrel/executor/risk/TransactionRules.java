package io.whimbrel.executor.risk;

import static io.whimbrel.executor.risk.RiskRule.rule;

import io.whimbrel.event.TableName;
import io.whimbrel.executor.rehearsal.facts.Change;
import io.whimbrel.executor.rehearsal.facts.LockTaken;
import io.whimbrel.executor.rehearsal.facts.OtherState;
import io.whimbrel.executor.rehearsal.facts.StatementFacts;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What statements do to each other, and to those who wait, within one transaction. */
final class TransactionRules {
  private static final String USERS =
      "create table users (id bigint primary key, name text, age int);";
  private static final String BOTH = USERS + " create table orders (id bigint primary key);";

  static final RiskRule NO_TIMEOUT =
      rule("no-lock-timeout", "A lock is waited for without an end", RiskLevel.HIGH, false)
          .when("A statement locks a table that was there against writers while lock_timeout is 0.")
          .then(
              "If someone uses the table for long, the statement waits for them, and everyone else"
                  + " waits behind it.")
          .instead("Leave lock_timeout as Whimbrel sets it, or set it to seconds.")
          .bad(USERS, "set lock_timeout = 0; alter table users add column mail text;")
          .good(USERS, "set lock_timeout = '1s'; alter table users add column mail text;")
          .judgedBy(
              scene ->
                  scene.statement().lockTimeoutMs() > 0
                      ? List.of()
                      : scene.statement().locks().stream()
                          .filter(lock -> lock.index() == null && lock.mode().blocksWriters())
                          .map(LockTaken::table)
                          .distinct()
                          .map(table -> Verdict.on(table, "waits for ever for a lock on"))
                          .toList());

  static final RiskRule WORK_UNDER_LOCK =
      rule(
              "work-under-lock",
              "Slow work is done under a lock of an earlier step",
              RiskLevel.HIGH,
              true)
          .when(
              "A statement reads or writes a whole table while its transaction already holds a"
                  + " table that was there against writers.")
          .then("Those who wait for the first table wait for all of the work.")
          .instead("Give each slow step a migration of its own.")
          .bad(
              USERS,
              "alter table users add constraint grown check (age > 17) not valid;"
                  + " alter table users validate constraint grown;")
          .good(
              USERS,
              "alter table users add constraint grown check (age > 17) not valid;",
              "alter table users validate constraint grown;")
          .judgedBy(
              scene ->
                  scene.statement().work().isEmpty() || !heldAgainstWriters(scene)
                      ? List.of()
                      : List.of(
                          Verdict.on(
                              scene.statement().work().get(0).table(),
                              "under a lock of an earlier statement, works through")));

  static final RiskRule BACKFILL =
      rule(
              "rows-changed-under-lock",
              "Rows are changed while a table is locked",
              RiskLevel.HIGH,
              true)
          .when(
              "A statement changes rows of a table that was there in a transaction that already"
                  + " holds one under ACCESS EXCLUSIVE.")
          .then("Nobody can read the locked table until all rows are changed.")
          .instead("Change the structure in one migration and the rows in the next, in batches.")
          .bad(USERS, "alter table users add column mail text; update users set mail = name;")
          .good(
              USERS,
              "alter table users add column mail text;",
              "-- whimbrel:batch table=users key=id\nupdate users set mail = name;")
          .judgedBy(
              scene ->
                  scene.heldExclusively().findAny().isEmpty()
                      ? List.of()
                      : TableRules.written(
                              scene, Set.of("INSERT", "UPDATE", "DELETE", "MERGE", "COPY", "WRITE"))
                          .toList());

  static final RiskRule SEVERAL =
      rule(
              "several-tables-locked",
              "Several tables are locked one after the other",
              RiskLevel.MEDIUM,
              false)
          .when(
              "A statement takes ACCESS EXCLUSIVE on a table that was there while its transaction"
                  + " holds another one so.")
          .then(
              "Readers of the first table wait while the second is waited for, and a program that"
                  + " locks them in the other order makes a deadlock.")
          .instead("Change one table in a migration.")
          .bad(
              BOTH,
              "alter table users add column mail text; alter table orders add column note text;")
          .good(
              BOTH,
              "alter table users add column mail text;",
              "alter table orders add column note text;")
          .judgedBy(
              scene -> {
                Set<TableName> held = scene.heldExclusively().collect(Collectors.toSet());
                return scene
                    .locksExclusively()
                    .filter(table -> !held.isEmpty() && !held.contains(table))
                    .limit(1)
                    .map(table -> Verdict.on(table, "while it holds another, locks"))
                    .toList();
              });

  static final RiskRule REPEATED =
      rule("table-altered-repeatedly", "A table is altered again and again", RiskLevel.LOW, false)
          .when("Two statements of a transaction change columns of the same table that was there.")
          .then("It stays locked over the round trips between them, and may be read twice.")
          .instead("Write the changes into one ALTER TABLE.")
          .bad(
              USERS,
              "alter table users add column mail text; alter table users add column phone text;")
          .good(USERS, "alter table users add column mail text, add column phone text;")
          .judgedBy(TransactionRules::repeated);

  static final RiskRule AFTER_EXCLUSIVE =
      rule(
              "statement-after-exclusive-lock",
              "More is done after a table was locked",
              RiskLevel.LOW,
              false)
          .when(
              "A statement changes the structure in a transaction that already holds a table that"
                  + " was there under ACCESS EXCLUSIVE.")
          .then("Nobody can read the locked table while it runs.")
          .instead("Do what needs the lock last, or in a migration of its own.")
          .bad(USERS, "alter table users add column mail text; create table notes (id bigint);")
          .good(USERS, "create table notes (id bigint); alter table users add column mail text;")
          .judgedBy(TransactionRules::afterExclusive);

  static final RiskRule ENUM =
      rule("enum-created", "An enum is created", RiskLevel.LOW, false)
          .when("A new type has a list of values.")
          .then(
              "A value can never be taken away, and a new one cannot be used in the transaction"
                  + " that adds it.")
          .instead("Use text with a CHECK, or a table of the values with a foreign key to it.")
          .bad("create type mood as enum ('calm', 'cross');")
          .good("create table moods (name text primary key);")
          .judgedBy(
              scene ->
                  scene.changes().others().stream()
                      .filter(c -> c.created() && c.is().kind() == OtherState.Kind.TYPE)
                      .map(Change::is)
                      .filter(type -> hasValues(scene, type))
                      .map(type -> new Verdict(name(type.name()), null, "makes an enum of", null))
                      .toList());

  static final List<RiskRule> ALL =
      List.of(NO_TIMEOUT, WORK_UNDER_LOCK, BACKFILL, SEVERAL, REPEATED, AFTER_EXCLUSIVE, ENUM);

  private TransactionRules() {}

  private static boolean heldAgainstWriters(Scene scene) {
    return scene.before().stream()
        .flatMap(one -> one.locks().stream())
        .anyMatch(lock -> lock.index() == null && lock.mode().blocksWriters());
  }

  private static List<Verdict> repeated(Scene scene) {
    Set<TableName> before =
        scene.before().stream().flatMap(TransactionRules::altered).collect(Collectors.toSet());
    return altered(scene.statement())
        .filter(before::contains)
        .map(table -> Verdict.on(table, "once more alters"))
        .toList();
  }

  private static Stream<TableName> altered(StatementFacts statement) {
    return statement.changes().columns().stream()
        .map(change -> change.either().onTarget())
        .filter(Objects::nonNull)
        .distinct();
  }

  // What other rules say better is left to them.
  private static List<Verdict> afterExclusive(Scene scene) {
    List<TableName> held = scene.heldExclusively().toList();
    if (held.isEmpty()
        || scene.changes().isEmpty()
        || !scene.statement().work().isEmpty()
        || !repeated(scene).isEmpty()
        || scene.locksExclusively().anyMatch(table -> !held.contains(table))) {
      return List.of();
    }
    return List.of(Verdict.on(held.get(0), "goes on while it holds"));
  }

  private static boolean hasValues(Scene scene, OtherState type) {
    return scene.changes().others().stream()
        .anyMatch(
            c ->
                c.created()
                    && c.is().kind() == OtherState.Kind.ENUM_VALUE
                    && c.is().name().startsWith(type.name() + "."));
  }

  private static TableName name(String qualified) {
    int dot = qualified.indexOf('.');
    return new TableName(qualified.substring(0, dot), qualified.substring(dot + 1));
  }
}

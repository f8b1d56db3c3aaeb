package io.whimbrel.executor.risk;

import static io.whimbrel.executor.risk.RiskRule.rule;

import io.whimbrel.event.TableName;
import io.whimbrel.executor.rehearsal.facts.Change;
import io.whimbrel.executor.rehearsal.facts.RelationState;
import io.whimbrel.executor.rehearsal.facts.RelationState.Kind;
import io.whimbrel.executor.rehearsal.facts.Work;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Whole tables: rewritten, renamed, emptied, dropped; and their rows. */
final class TableRules {
  private static final Set<Kind> WITH_ROWS =
      Set.of(Kind.TABLE, Kind.PARTITIONED_TABLE, Kind.FOREIGN_TABLE);

  private static final String USERS =
      "create table users (id bigint primary key, name text, age int);";
  private static final String VIEW =
      USERS
          + " create materialized view names as select distinct name from users;"
          + " create unique index names_once on names (name);";

  static final RiskRule REWRITTEN =
      rule("table-rewritten", "A table is rewritten", RiskLevel.HIGH, true)
          .when(
              "A table that was there has another file, and no new or changed column explains it.")
          .then("Nobody can read or write the table until it is written anew with all its indexes.")
          .instead(
              "Plan for the time. To win space back, let VACUUM do it without FULL; to move or"
                  + " order a table, copy it in batches into another.")
          .bad(USERS, "cluster users using users_pkey;")
          .good(USERS, "vacuum users;")
          .judgedBy(
              scene ->
                  scene.changes().columns().isEmpty()
                          && !scene.statement().command().startsWith("REFRESH")
                      ? scene.statement().work().stream()
                          .filter(work -> work.kind() == Work.Kind.REWRITE)
                          .map(work -> Verdict.on(work.table(), "rewrites"))
                          .toList()
                      : List.of());

  static final RiskRule REFRESHED =
      rule(
              "view-refreshed-under-lock",
              "A materialized view is refreshed under a lock",
              RiskLevel.LOW,
              true)
          .when("A materialized view that was there has another file.")
          .then("Nobody can read it until its query is done.")
          .instead("Use REFRESH MATERIALIZED VIEW CONCURRENTLY; it needs a unique index.")
          .bad(VIEW, "refresh materialized view names;")
          .good(VIEW, "refresh materialized view concurrently names;")
          .judgedBy(
              scene ->
                  scene.statement().command().startsWith("REFRESH")
                      ? scene.statement().work().stream()
                          .filter(work -> work.kind() == Work.Kind.REWRITE)
                          .map(
                              work ->
                                  Verdict.on(work.table(), "refreshes")
                                      .safer(Safer.refresh(work.table())))
                          .toList()
                      : List.of());

  static final RiskRule RENAMED =
      rule("table-renamed", "A table is renamed", RiskLevel.MEDIUM, false)
          .when("A table or view that was there has another name or schema.")
          .then("Every program that knows the old name fails until it knows the new one.")
          .instead(
              "Leave a view by the old name in the same migration, and drop it when no program uses"
                  + " it.")
          .bad(USERS, "alter table users rename to people;")
          .good(USERS, "create view people as select * from users;")
          .judgedBy(
              scene ->
                  scene.changes().relations().stream()
                      .filter(
                          c ->
                              c.altered()
                                  && c.was().onTarget() != null
                                  && c.was().kind() != Kind.SEQUENCE
                                  && !c.was().name().equals(c.is().name())
                                  && !replaced(scene, c.was().name()))
                      .map(
                          c ->
                              new Verdict(
                                  c.was().name(),
                                  c.was().onTarget(),
                                  "gives the name " + c.is().name() + " to",
                                  Safer.renamedTable(c.was().name(), c.is().name())))
                      .toList());

  static final RiskRule DROPPED =
      rule("table-dropped", "A table is dropped", RiskLevel.HIGH, false)
          .when("A table that was there is gone.")
          .then("Its rows are lost, and every program that names it fails.")
          .instead(
              "Let the programs forget the table first; rename it for a while, and drop it when"
                  + " nobody has missed it. Take a backup.")
          .bad(USERS, "drop table users;")
          .good(USERS, "comment on table users is 'no longer used';")
          .judgedBy(
              scene ->
                  scene.changes().relations().stream()
                      .filter(Change::dropped)
                      .map(Change::was)
                      .filter(table -> table.onTarget() != null && WITH_ROWS.contains(table.kind()))
                      .map(table -> found(table, "drops"))
                      .toList());

  static final RiskRule VIEW_DROPPED =
      rule("view-dropped", "A view is dropped", RiskLevel.LOW, false)
          .when("A view or materialized view that was there is gone when its script ends.")
          .then("Every program that reads it fails.")
          .instead("Let the programs forget it first; to change it, use CREATE OR REPLACE VIEW.")
          .bad(VIEW, "drop materialized view names;")
          .good(VIEW, "comment on materialized view names is 'no longer used';")
          .judgedBy(
              scene ->
                  scene.changes().relations().stream()
                      .filter(Change::dropped)
                      .map(Change::was)
                      .filter(
                          view ->
                              view.onTarget() != null
                                  && (view.kind() == Kind.VIEW
                                      || view.kind() == Kind.MATERIALIZED_VIEW)
                                  && !replaced(scene, view.name()))
                      .map(view -> found(view, "drops"))
                      .toList());

  static final RiskRule TRUNCATED =
      rule("table-truncated", "A table is emptied", RiskLevel.HIGH, false)
          .when("A table that was there has another file that nothing was copied into.")
          .then("Its rows are lost, and nobody can read or write it until the transaction ends.")
          .instead("Make sure that nobody needs the rows; delete them in batches if it is in use.")
          .bad(USERS, "truncate users;")
          .good(USERS, "-- whimbrel:batch table=users key=id\ndelete from users;")
          .judgedBy(
              scene ->
                  scene.statement().truncated().stream()
                      .map(table -> Verdict.on(table, "empties"))
                      .toList());

  static final RiskRule UNBATCHED =
      rule("rows-changed-at-once", "Rows are changed in one transaction", RiskLevel.MEDIUM, true)
          .when(
              "A statement updates, deletes or merges rows of a table that was there, not in"
                  + " batches.")
          .then(
              "The rows stay locked until it ends, dead rows and WAL pile up, replicas fall behind,"
                  + " and a failure near the end undoes all of it.")
          .instead(
              "Give the script a header whimbrel:batch, and it runs along a key in short ones.")
          .bad(USERS, "update users set age = 0 where age is null;")
          .good(
              USERS,
              "-- whimbrel:batch table=users key=id\nupdate users set age = 0 where age is null;")
          .judgedBy(
              scene ->
                  scene.script().batched() || !scene.heldExclusively().toList().isEmpty()
                      ? List.of()
                      : written(scene, Set.of("UPDATE", "DELETE", "MERGE")).toList());

  static final List<RiskRule> ALL =
      List.of(REWRITTEN, REFRESHED, RENAMED, DROPPED, VIEW_DROPPED, TRUNCATED, UNBATCHED);

  private TableRules() {}

  /** What the statement does to rows of tables that were there. */
  static Stream<Verdict> written(Scene scene, Set<String> commands) {
    return scene.statement().writes().stream()
        .filter(write -> write.onTarget() != null && commands.contains(write.command()))
        .map(
            write ->
                new Verdict(
                    write.table(), write.onTarget(), verb(write.command()) + " rows of", null));
  }

  private static String verb(String command) {
    return switch (command) {
      case "UPDATE" -> "updates";
      case "DELETE" -> "deletes";
      case "MERGE" -> "merges";
      case "COPY" -> "copies";
      case "INSERT" -> "inserts";
      default -> "writes";
    };
  }

  /** Whether the same script makes something by that name again. */
  private static boolean replaced(Scene scene, TableName name) {
    return scene.script().statements().stream()
        .filter(one -> one.number() >= scene.statement().number())
        .flatMap(one -> one.changes().relations().stream())
        .anyMatch(c -> !c.dropped() && c.is().name().equals(name) && (c.created() || renamedTo(c)));
  }

  private static boolean renamedTo(Change<RelationState> change) {
    return !change.was().name().equals(change.is().name());
  }

  private static Verdict found(RelationState relation, String what) {
    return new Verdict(relation.name(), relation.onTarget(), what, null);
  }
}

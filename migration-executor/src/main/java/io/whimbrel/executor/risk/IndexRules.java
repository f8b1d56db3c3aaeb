package io.whimbrel.executor.risk;

import static io.whimbrel.executor.risk.RiskRule.rule;

import io.whimbrel.event.TableName;
import io.whimbrel.executor.rehearsal.facts.Change;
import io.whimbrel.executor.rehearsal.facts.ConstraintState;
import io.whimbrel.executor.rehearsal.facts.IndexState;
import io.whimbrel.executor.rehearsal.facts.Work;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Indexes, and constraints that are built as one. */
final class IndexRules {
  private static final int MANY_COLUMNS = 3;
  private static final String USERS =
      "create table users (id bigint primary key, name text, mail text);";

  static final RiskRule WITHOUT_CONCURRENTLY =
      rule("index-without-concurrently", "An index is built under a lock", RiskLevel.MEDIUM, true)
          .when("An index is new on a table that was there, and its build was not concurrent.")
          .then("Nobody can insert, update or delete in the table until the index is built.")
          .instead("Build it with CREATE INDEX CONCURRENTLY, in a migration of its own.")
          .bad(USERS, "create index users_by_name on users (name);")
          .good(USERS, "create index concurrently users_by_name on users (name);")
          .judgedBy(
              scene ->
                  built(scene)
                      .filter(index -> !index.concurrently() && constraint(scene, index) == null)
                      .map(index -> found(index, "builds an index of", Safer.index(index)))
                      .toList());

  static final RiskRule CONSTRAINT_BUILDS =
      rule(
              "constraint-builds-index",
              "A unique or primary key is built under a lock",
              RiskLevel.MEDIUM,
              true)
          .when("A UNIQUE or PRIMARY KEY constraint comes with an index that was not there.")
          .then("Nobody can read or write the table until the index is built.")
          .instead(
              "Build a unique index with CREATE UNIQUE INDEX CONCURRENTLY, then add the constraint"
                  + " USING INDEX.")
          .bad(USERS, "alter table users add constraint users_mail unique (mail);")
          .good(
              USERS,
              "create unique index concurrently users_mail on users (mail);",
              "alter table users add constraint users_mail unique using index users_mail;")
          .judgedBy(
              scene ->
                  built(scene)
                      .filter(index -> !index.exclusion())
                      .flatMap(
                          index -> {
                            ConstraintState constraint = constraint(scene, index);
                            return constraint == null
                                ? Stream.empty()
                                : Stream.of(
                                    found(
                                        index,
                                        "builds the index of a constraint of",
                                        Safer.constraintByIndex(constraint, index)));
                          })
                      .toList());

  static final RiskRule EXCLUSION =
      rule(
              "exclusion-constraint-builds-index",
              "An exclusion constraint is built under a lock",
              RiskLevel.MEDIUM,
              true)
          .when("An exclusion constraint comes with an index on a table that was there.")
          .then(
              "Nobody can read or write the table until the index is built, and there is no way to"
                  + " build it concurrently.")
          .instead(
              "Plan for the time, or make a new table with the constraint and move the rows over in"
                  + " batches.")
          .bad(
              "create table stays (id bigint primary key, period tsrange);",
              "alter table stays add constraint apart exclude using gist (period with &&);")
          .good(
              "create table stays (id bigint primary key, period tsrange,"
                  + " constraint apart exclude using gist (period with &&));")
          .judgedBy(
              scene ->
                  built(scene)
                      .filter(IndexState::exclusion)
                      .map(index -> found(index, "builds an exclusion constraint of", null))
                      .toList());

  static final RiskRule DROPPED =
      rule("index-dropped-under-lock", "An index is dropped under a lock", RiskLevel.LOW, false)
          .when(
              "An index that was there is gone, its table is not, and it was dropped in a"
                  + " transaction.")
          .then(
              "The drop waits for everyone who uses the table, and everyone who comes after waits"
                  + " for it.")
          .instead("Use DROP INDEX CONCURRENTLY, in a migration of its own.")
          .bad(USERS + "create index users_by_name on users (name);", "drop index users_by_name;")
          .good(
              USERS + "create index users_by_name on users (name);",
              "drop index concurrently users_by_name;")
          .judgedBy(
              scene ->
                  scene.changes().indexes().stream()
                      .filter(Change::dropped)
                      .map(Change::was)
                      .filter(
                          index ->
                              index.existed()
                                  && index.onTarget() != null
                                  && scene.statement().locksSeen()
                                  && scene.statement().command().equals("DROP INDEX"))
                      .map(index -> found(index, "drops an index of", Safer.dropIndex(index)))
                      .toList());

  static final RiskRule REINDEXED =
      rule("reindex-under-lock", "An index is rebuilt under a lock", RiskLevel.MEDIUM, true)
          .when("An index that was there has another file and its table has not.")
          .then("Nobody can write to the table, or use the index, until it is rebuilt.")
          .instead("Use REINDEX ... CONCURRENTLY, in a migration of its own.")
          .bad(
              USERS + "create index users_by_name on users (name);", "reindex index users_by_name;")
          .good(
              USERS + "create index users_by_name on users (name);",
              "reindex index concurrently users_by_name;")
          .judgedBy(
              scene ->
                  scene.statement().command().equals("REINDEX") && scene.statement().locksSeen()
                      ? scene.statement().work().stream()
                          .filter(work -> work.kind() == Work.Kind.INDEX_BUILD)
                          .map(
                              work ->
                                  Verdict.on(work.table(), "rebuilds an index of")
                                      .safer(
                                          Safer.reindex(work.table(), String.valueOf(work.what()))))
                          .toList()
                      : List.of());

  static final RiskRule MANY =
      rule("index-of-many-columns", "An index has many columns", RiskLevel.LOW, false)
          .when("A new index that is not unique has more than three columns in its key.")
          .then(
              "Columns after the third rarely make it choose better; it is larger, and every write"
                  + " pays for that.")
          .instead(
              "Index the columns that choose best; INCLUDE others if they are to be read from the"
                  + " index.")
          .bad(
              "create table visits (id bigint primary key, a int, b int, c int, d int);"
                  + " create index wide on visits (a, b, c, d);")
          .good(
              "create table visits (id bigint primary key, a int, b int, c int, d int);"
                  + " create index narrow on visits (a, b) include (c, d);")
          .judgedBy(
              scene ->
                  scene.changes().indexes().stream()
                      .filter(Change::created)
                      .map(Change::is)
                      .filter(
                          index ->
                              !index.unique()
                                  && !index.exclusion()
                                  && index.columns().size() > MANY_COLUMNS)
                      .map(index -> found(index, "indexes many columns of", null))
                      .toList());

  static final List<RiskRule> ALL =
      List.of(WITHOUT_CONCURRENTLY, CONSTRAINT_BUILDS, EXCLUSION, DROPPED, REINDEXED, MANY);

  private IndexRules() {}

  /** New indexes that the statement built on tables that were there. */
  private static Stream<IndexState> built(Scene scene) {
    return scene.changes().indexes().stream()
        .filter(Change::created)
        .map(Change::is)
        .filter(
            index -> {
              TableName table = index.onTarget();
              return table != null
                  && scene.statement().work().stream()
                      .anyMatch(
                          work ->
                              work.kind() == Work.Kind.INDEX_BUILD
                                  && work.table().equals(table)
                                  && index.name().equals(work.what()));
            })
        .filter(index -> !scene.statement().command().equals("REINDEX"));
  }

  /** The constraint that the statement made with an index. */
  private static @Nullable ConstraintState constraint(Scene scene, IndexState index) {
    return scene.changes().constraints().stream()
        .filter(Change::created)
        .map(Change::is)
        .filter(
            one ->
                one.kind() != ConstraintState.Kind.FOREIGN_KEY
                    && index.name().equals(one.index())
                    && index.table().equals(one.table()))
        .findFirst()
        .orElse(null);
  }

  private static Verdict found(IndexState index, String what, @Nullable String safer) {
    return new Verdict(index.table(), index.onTarget(), what, safer);
  }
}

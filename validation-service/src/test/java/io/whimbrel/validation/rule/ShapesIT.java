package io.whimbrel.validation.rule;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Tables that are not like others. */
class ShapesIT extends RuleTestBase {

  @Test
  void aTableOfAsManyColumnsAsThereCanBeIsReadColumnByColumn() throws SQLException {
    String columns =
        IntStream.range(1, 1600)
            .mapToObj(i -> "c" + i + " bool not null default true")
            .collect(Collectors.joining(", "));
    database.run(
        """
        create table wide (id int primary key, %s);
        insert into wide values (1), (2);
        update pg_attribute set attnotnull = false
         where attrelid = 'wide'::regclass and attname in ('c1', 'c1599');
        update wide set c1 = null, c1599 = null where id = 2;
        update pg_attribute set attnotnull = true where attrelid = 'wide'::regclass;
        """
            .formatted(columns));
    RuleFixture.Looked looked = database.look(new NotNullConstraints(), Mode.FULL, "wide");
    assertThat(looked.looks()).isEqualTo(1600);
    assertThat(looked.obstacles()).isEmpty();
    assertThat(looked.findings()).extracting(Finding::subject).containsExactly("c1", "c1599");
    assertThat(looked.findings())
        .allSatisfy(finding -> assertThat(finding.keys()).containsExactly(Map.of("id", "2")));
  }

  @Test
  void generatedColumnsAreLookedAtAndViewsAreNot() throws SQLException {
    database.run(
        """
        create extension pg_stat_statements;
        create table t (n int, twice int generated always as (n * 2) stored);
        create view v as select * from t;
        create materialized view m as select * from t;
        insert into t values (1), (3);
        alter table t add constraint small check (twice < 5) not valid;
        """);
    assertThat(database.look(new CheckConstraints(), "t", "v", "m").findings())
        .singleElement()
        .satisfies(finding -> assertThat(finding.rows()).isEqualTo(1));
    for (Rule rule : Rules.ALL) {
      assertThat(database.lookEverywhere(rule).obstacles()).as(rule.id()).isEmpty();
    }
  }

  @Test
  void emptyTablesPass() throws SQLException {
    database.run(
        """
        create extension pg_stat_statements;
        create table parents (id int primary key, at timestamptz);
        create table children (id int primary key, parent_id int references parents,
          other_id int not null, unique (other_id), check (other_id > 0));
        create table nothing ();
        """);
    for (Rule rule : Rules.ALL) {
      if (!(rule instanceof IndexEfficiency)) {
        RuleFixture.Looked looked = database.lookEverywhere(rule);
        assertThat(looked.findings()).as(rule.id()).isEmpty();
        assertThat(looked.obstacles()).as(rule.id()).isEmpty();
      }
    }
  }

  @Test
  void aCheckHoldsForThoseWhoInheritUnlessItSaysOtherwise() throws SQLException {
    database.run(
        """
        create table base (id int, n int);
        create table derived () inherits (base);
        insert into derived values (1, -1);
        alter table base add constraint of_all check (n > 0) not valid,
          add constraint of_own check (n > 0) no inherit not valid;
        """);
    assertThat(database.look(new CheckConstraints(), "base").findings())
        .extracting(Finding::subject)
        .containsExactly("of_all");
  }

  @Test
  void rowsOfOthersDoNotShowInKeysOfAnotherTable() throws SQLException {
    database.run(
        """
        create table "c" (c int primary key, "value" int, "k1" int);
        create domain positive as int;
        create table "p" (value positive primary key, k1 positive);
        insert into "c" values (7, null, -1);
        insert into "p" values (8, -1);
        alter table "c" add check (c.k1 > 0) not valid, add check ("value" is not null) not valid;
        alter domain positive add constraint above_zero check (value > 0) not valid;
        """);
    assertThat(database.lookEverywhere(new CheckConstraints()).findings())
        .extracting(Finding::keys)
        .containsExactlyInAnyOrder(List.of(Map.of("c", "7")), List.of(Map.of("value", "8")));
    assertThat(database.lookEverywhere(new NotNullConstraints()).findings())
        .extracting(Finding::keys)
        .containsExactly(List.of(Map.of("c", "7")));
  }
}

package io.whimbrel.validation.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CheckConstraintsIT extends RuleTestBase {
  private final Rule rule = new CheckConstraints();

  @Test
  void rowsThatBreakANotValidCheckAreFound() throws SQLException {
    database.run(
        """
        create table items ("Id" int primary key, price int, "Tags" jsonb);
        insert into items values (1, 5, '{}'), (2, -1, '{}'), (3, null, null), (4, 5, '{"bad":1}');
        alter table items add constraint positive check (price > 0) not valid,
          add constraint good check (not "Tags" ? 'bad') not valid;
        """);
    assertThat(database.look(rule, "items").findings())
        .extracting(Finding::subject, Finding::rows, Finding::keys)
        .containsExactly(
            tuple("good", 1L, List.of(Map.of("Id", "4"))),
            tuple("positive", 1L, List.of(Map.of("Id", "2"))));
  }

  @Test
  void notEnforcedChecksAreLookedAt() throws SQLException {
    database.run(
        """
        create table items (id int primary key, price int check (price > 0) not enforced);
        insert into items values (1, -5);
        """);
    assertThat(database.look(rule, "items").findings()).hasSize(1);
  }

  @Test
  void checksThatHoldOrAreValidPass() throws SQLException {
    database.run(
        """
        create table items (id int primary key, price int check (price < 100));
        insert into items values (1, 5);
        alter table items add check (price > 0 and id < price) not valid;
        """);
    RuleFixture.Looked look = database.look(rule, "items");
    assertThat(look.findings()).isEmpty();
    assertThat(look.looks()).isEqualTo(1);
  }

  @Test
  void functionsAndTypesOfOtherSchemasAreFoundWithoutASearchPath() throws SQLException {
    database.run(
        """
        create schema "Lib";
        create function "Lib"."Is Good"(int) returns bool language sql immutable
          return $1 > 0;
        create table "Lib"."T" (id int primary key, n int);
        insert into "Lib"."T" values (1, 0);
        alter table "Lib"."T" add check ("Lib"."Is Good"(n)) not valid;
        """);
    assertThat(database.look(rule, "Lib.T").findings()).hasSize(1);
  }

  @Test
  void checksOfDomainsAreLookedAtInEveryColumnOfThem() throws SQLException {
    database.run(
        """
        create domain email as text;
        create domain work_email as email;
        create table users (id int primary key, "Mail" email, work work_email, value text);
        insert into users values (1, 'a@b', 'nowhere', 'x'), (2, 'c', 'a@b', 'y');
        alter domain email add constraint has_at check (value like '%@%') not valid;
        """);
    assertThat(database.look(rule, "users").findings())
        .extracting(Finding::subject, Finding::keys)
        .containsExactly(
            tuple("has_at", List.of(Map.of("id", "2"))),
            tuple("has_at", List.of(Map.of("id", "1"))));
  }

  @Test
  void aCheckThatCannotBeComputedIsAnObstacleAndHidesNoOther() throws SQLException {
    database.run(
        """
        create table items (id int primary key, price int);
        insert into items values (1, 0);
        alter table items add constraint a check (10 / price > 0) not valid,
          add constraint b check (price > 0) not valid;
        """);
    RuleFixture.Looked look = database.look(rule, "items");
    assertThat(look.findings()).extracting(Finding::subject).containsExactly("b");
    assertThat(look.obstacles())
        .singleElement()
        .satisfies(
            obstacle -> {
              assertThat(obstacle.failed()).isTrue();
              assertThat(obstacle.reason()).contains("public.items").contains("22012");
            });
  }

  @Test
  void inheritedChecksAreLookedAtOnceOverTheFamily() throws SQLException {
    database.run(
        """
        create table base (id int primary key, n int);
        create table derived () inherits (base);
        insert into derived values (1, 0);
        alter table base add constraint positive check (n > 0) not valid,
          add constraint own check (n > 5) no inherit not valid;
        """);
    assertThat(database.look(rule, "derived").findings())
        .extracting(Finding::subject)
        .containsExactly("positive");
  }
}

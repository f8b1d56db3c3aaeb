package io.whimbrel.validation.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.whimbrel.event.Severity;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReferentialIntegrityIT extends RuleTestBase {
  private final Rule rule = new ReferentialIntegrity();

  @Test
  void aColumnNamedAfterATableIsInferredAndWarns() throws SQLException {
    database.run(
        """
        create table users (id bigint primary key);
        create table category (id int primary key);
        create table posts (id int primary key, user_id bigint, category_id int);
        insert into users values (1);
        insert into posts values (1, 1, null), (2, 9, 9), (3, null, null);
        """);
    assertThat(database.look(rule, "posts").findings())
        .extracting(Finding::subject, Finding::severity, Finding::rows, Finding::keys)
        .containsExactly(
            tuple("user_id", Severity.WARNING, 1L, List.of(Map.of("id", "2"))),
            tuple("category_id", Severity.WARNING, 1L, List.of(Map.of("id", "2"))));
  }

  @Test
  void aColumnNamedLikeAKeyIsInferred() throws SQLException {
    database.run(
        """
        create table people (person_id uuid primary key);
        create table visits (id int primary key, person_id uuid);
        insert into visits values (1, gen_random_uuid());
        """);
    assertThat(database.look(rule, "visits").findings()).hasSize(1);
    assertThat(database.look(rule, "people").looks()).isZero();
  }

  @Test
  void referencesThatPostgresKnowsAreLeftToIt() throws SQLException {
    database.run(
        """
        create table users (id int primary key);
        create table posts (id int primary key, user_id int,
          foreign key (user_id) references users);
        """);
    assertThat(database.look(rule, "posts").looks()).isZero();
  }

  @Test
  void nothingIsInferredFromAnotherTypeASecondParentOrAPolymorphicPair() throws SQLException {
    database.run(
        """
        create table users (id bigint primary key);
        create table box (id int primary key);
        create table boxes (id int primary key);
        create table item (id int primary key);
        create table notes (id int primary key, user_id text, box_id int, item_id int,
          item_type text, id2 int, paid int, uuid uuid);
        insert into notes values (1, 'x', 1, 1, 'y', 1, 1, null);
        """);
    assertThat(database.look(rule, "notes").looks()).isZero();
  }

  @Test
  void quotedNamesAreUnderstood() throws SQLException {
    database.run(
        """
        create schema "S";
        create table "S"."User" ("Id" int primary key);
        create table "S"."Post" ("Id" int primary key, "UserId" int);
        insert into "S"."Post" values (1, 1);
        """);
    Finding finding = database.look(rule, "S.Post").findings().get(0);
    assertThat(finding.subject()).isEqualTo("UserId");
    database.run(String.valueOf(finding.remedy()));
  }
}

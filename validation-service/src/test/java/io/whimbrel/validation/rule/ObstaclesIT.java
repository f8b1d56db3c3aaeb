package io.whimbrel.validation.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class ObstaclesIT extends RuleTestBase {

  @Test
  void aTableWithoutRightsIsSkippedAndHidesNoOther() throws SQLException {
    database.run(
        """
        create table a (n int);
        create table b (n int);
        insert into b values (1), (1);
        revoke all on a from rule_reader;
        """);
    RuleFixture.Looked look = database.look(new DuplicateData(), "a", "b");
    assertThat(look.findings()).hasSize(1);
    assertThat(look.obstacles())
        .containsExactly(
            new Obstacle(
                RuleFixture.names("a").get(0),
                false,
                "no right to read every row that the look at public.a needs (42501)"));
  }

  @Test
  void aTableWhoseRowsAreHiddenIsSkippedRatherThanPassed() throws SQLException {
    database.run(
        """
        create table a (n int);
        insert into a values (1), (1);
        alter table a enable row level security;
        """);
    RuleFixture.Looked look = database.look(new DuplicateData(), "a");
    assertThat(look.findings()).isEmpty();
    assertThat(look.obstacles()).hasSize(1);
  }

  @Test
  void aTableThatIsDroppedMeanwhileIsSkipped() throws SQLException {
    database.run("create table a (n int); create table b (n int); insert into b values (1), (1);");
    try (Connection reader = database.reader()) {
      Scope scope = ScopeReader.named(reader, RuleFixture.names("a", "b"));
      RuleFixture.Plan plan = RuleFixture.plan(new DuplicateData(), reader, scope, Mode.QUICK);
      database.run("drop table a");
      RuleFixture.Looked looked = plan.read();
      assertThat(looked.findings()).hasSize(1);
      assertThat(looked.obstacles().get(0).failed()).isFalse();
      assertThat(looked.obstacles().get(0).reason()).contains("dropped");
    }
  }

  @Test
  void aLockedTableIsAMatterOfTheWholeValidation() throws SQLException {
    database.run("create table a (n int)");
    database.run("begin");
    database.run("lock table a");
    try (Connection reader = database.reader()) {
      Scope scope = ScopeReader.named(reader, RuleFixture.names("a"));
      RuleFixture.Plan plan = RuleFixture.plan(new DuplicateData(), reader, scope, Mode.QUICK);
      assertThatThrownBy(plan::read)
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(SqlStates.passing(e)).isTrue());
    }
    database.run("rollback");
  }

  @Test
  void tablesThatAreNotThereAreMissingFromTheScope() throws SQLException {
    database.run(
        """
        create table a (id int primary key);
        create table b (id int primary key, a_id int references a);
        create table c (id int);
        create schema whimbrel;
        create table whimbrel.fence (id int);
        """);
    try (Connection reader = database.reader()) {
      Scope scope = ScopeReader.named(reader, RuleFixture.names("a", "nowhere", "whimbrel.fence"));
      assertThat(scope.touched()).hasToString("[public.a]");
      assertThat(scope.neighbours()).hasToString("[public.b]");
      assertThat(scope.missing()).hasToString("[public.nowhere, whimbrel.fence]");
    }
  }

  @Test
  void findingsHoldNoValueButTheKey() throws SQLException {
    database.run(
        """
        create table parent (id int primary key);
        create table child (id int primary key, parent_id int, name text, mail text);
        insert into child values (1, 424242, 'S3cret', null), (2, 434343, 'S3cret', null);
        alter table child add foreign key (parent_id) references parent not valid,
          add check (length(name) < 3) not valid, add check (mail is not null) not valid,
          add check (name::int > 0) not valid;
        """);
    assertThatThrownBy(() -> database.run("create unique index concurrently u on child (name)"))
        .isInstanceOf(SQLException.class);
    StringBuilder all = new StringBuilder();
    for (Rule rule : Rules.ALL) {
      all.append(database.look(rule, "child"));
    }
    assertThat(all.toString())
        .contains("id=1")
        .contains("22P02")
        .doesNotContain("S3cret")
        .doesNotContain("424242");
  }
}

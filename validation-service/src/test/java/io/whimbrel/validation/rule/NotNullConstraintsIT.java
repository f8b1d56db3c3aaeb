package io.whimbrel.validation.rule;

import static org.assertj.core.api.Assertions.assertThat;

import io.whimbrel.event.Severity;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NotNullConstraintsIT extends RuleTestBase {
  private final Rule rule = new NotNullConstraints();

  @Test
  void nullsUnderANotValidNotNullAreFound() throws SQLException {
    database.run(
        """
        create table users (id int primary key, "E-Mail" text);
        insert into users values (1, null), (2, 'b');
        alter table users add constraint has_mail not null "E-Mail" not valid;
        """);
    Finding finding = database.look(rule, "users").findings().get(0);
    assertThat(finding.subject()).isEqualTo("has_mail");
    assertThat(finding.severity()).isEqualTo(Severity.ERROR);
    assertThat(finding.keys()).containsExactly(Map.of("id", "1"));
    assertThat(finding.remedy()).contains("\"E-Mail\" is null");
  }

  @Test
  void nullsUnderANotValidCheckAreFound() throws SQLException {
    database.run(
        """
        create table users (id int primary key, "E-Mail" text);
        insert into users values (1, null);
        alter table users add check ("E-Mail" is not null) not valid;
        """);
    assertThat(database.look(rule, "users").findings()).hasSize(1);
    assertThat(database.look(new CheckConstraints(), "users").looks()).isZero();
  }

  @Test
  void nullsUnderANotEnforcedCheckAreFound() throws SQLException {
    database.run(
        """
        create table users (id int primary key, name text check (name is not null) not enforced);
        insert into users values (1, null);
        """);
    Finding finding = database.look(rule, "users").findings().get(0);
    assertThat(finding.rows()).isEqualTo(1);
    assertThat(finding.remedy()).doesNotContain("validate constraint");
  }

  @Test
  void aNotValidNotNullThatHoldsPasses() throws SQLException {
    database.run(
        """
        create table users (id int primary key, mail text);
        insert into users values (1, 'a');
        alter table users add not null mail not valid;
        """);
    RuleFixture.Looked look = database.look(rule, "users");
    assertThat(look.findings()).isEmpty();
    assertThat(look.looks()).isEqualTo(1);
  }

  @Test
  void aPartitionedTableIsLookedAtOnce() throws SQLException {
    database.run(
        """
        create table events (id int primary key, at date) partition by hash (id);
        create table events_0 partition of events for values with (modulus 1, remainder 0);
        insert into events values (1, null), (2, null);
        alter table events add constraint has_date not null at not valid;
        """);
    assertThat(database.look(rule, "events_0").findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.table()).hasToString("public.events");
              assertThat(finding.rows()).isEqualTo(2);
            });
  }

  @Test
  void aNeighboursOwnNullsOnlyWarn() throws SQLException {
    database.run(
        """
        create table users (id int primary key, mail text);
        create table orders (id int primary key, user_id int references users);
        insert into users values (1, null);
        alter table users add not null mail not valid;
        """);
    assertThat(database.look(rule, "orders").findings())
        .extracting(Finding::severity)
        .containsExactly(Severity.WARNING);
  }

  @Test
  void fullModeLooksWhereThePlannerWouldNot() throws SQLException {
    database.run(
        """
        create table users (id int primary key, "E Mail" text not null);
        update pg_attribute set attnotnull = false where attrelid = 'users'::regclass;
        insert into users values (1, 'a'), (2, null);
        update pg_attribute set attnotnull = true where attrelid = 'users'::regclass;
        """);
    assertThat(database.look(rule, "users").looks()).isZero();
    RuleFixture.Looked looked = database.look(rule, Mode.FULL, "users");
    assertThat(looked.looks()).isEqualTo(2);
    assertThat(looked.findings().get(0).subject()).isEqualTo("E Mail");
    assertThat(looked.findings().get(0).keys()).containsExactly(Map.of("id", "2"));
  }
}

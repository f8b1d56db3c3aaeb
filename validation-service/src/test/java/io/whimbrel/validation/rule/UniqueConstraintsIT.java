package io.whimbrel.validation.rule;

import static org.assertj.core.api.Assertions.assertThat;

import io.whimbrel.event.Severity;
import java.sql.SQLException;
import java.util.Map;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

class UniqueConstraintsIT extends RuleTestBase {
  private final Rule rule = new UniqueConstraints();

  /** Builds an index that stays invalid, because there are duplicates. */
  private void interrupted(String createIndex) {
    Assertions.assertThatThrownBy(() -> database.run(createIndex)).isInstanceOf(SQLException.class);
  }

  @Test
  void duplicatesUnderAnInvalidIndexAreFound() throws SQLException {
    database.run(
        """
        create table users (id int primary key, mail text);
        insert into users values (1, 'a'), (2, 'b'), (3, 'a'), (4, null), (5, null);
        """);
    interrupted("create unique index concurrently one_mail on users (mail)");
    Finding finding = database.look(rule, "users").findings().get(0);
    assertThat(finding.severity()).isEqualTo(Severity.ERROR);
    assertThat(finding.subject()).isEqualTo("one_mail");
    assertThat(finding.rows()).isEqualTo(2);
    assertThat(finding.keys()).containsExactlyInAnyOrder(Map.of("id", "1"), Map.of("id", "3"));
    assertThat(finding.remedy()).isEqualTo("reindex index concurrently public.one_mail;");
  }

  @Test
  void nullsAreDuplicatesWhereTheIndexSaysSo() throws SQLException {
    database.run(
        """
        create table users (id int primary key, mail text);
        insert into users values (1, null), (2, null);
        """);
    interrupted("create unique index concurrently one_mail on users (mail) nulls not distinct");
    assertThat(database.look(rule, "users").findings().get(0).rows()).isEqualTo(2);
  }

  @Test
  void partialAndExpressionIndexesAreUnderstood() throws SQLException {
    database.run(
        """
        create table users (id int primary key, "Mail" text, deleted bool, tags jsonb);
        insert into users values
          (1, 'a', false, '{}'), (2, 'A', false, '{}'), (3, 'a', true, '{}'),
          (4, 'a', false, '{"x": 1}');
        """);
    interrupted(
        """
        create unique index concurrently "One ""Mail"" only" on users (lower("Mail"), (id * 0))
          include (tags) where not deleted and not tags ? 'x'
        """);
    Finding finding = database.look(rule, "users").findings().get(0);
    assertThat(finding.rows()).isEqualTo(2);
    assertThat(finding.keys()).containsExactlyInAnyOrder(Map.of("id", "1"), Map.of("id", "2"));
  }

  @Test
  void theCollationOfTheIndexDecides() throws SQLException {
    database.run(
        """
        create collation any_case (provider = icu, locale = 'und-u-ks-level2',
          deterministic = false);
        create table users (id int primary key, mail text);
        insert into users values (1, 'a'), (2, 'A');
        """);
    interrupted("create unique index concurrently one on users (mail collate any_case)");
    assertThat(database.look(rule, "users").findings().get(0).rows()).isEqualTo(2);
  }

  @Test
  void anInvalidIndexWithoutDuplicatesWarns() throws SQLException {
    database.run(
        """
        create table users (id int primary key, mail text);
        insert into users values (1, 'a'), (2, 'a');
        """);
    interrupted("create unique index concurrently one_mail on users (mail)");
    database.run("delete from users where id = 2");
    Finding finding = database.look(rule, "users").findings().get(0);
    assertThat(finding.severity()).isEqualTo(Severity.WARNING);
    assertThat(finding.rows()).isZero();
    database.run(String.valueOf(finding.remedy()));
    assertThat(database.look(rule, "users").findings()).isEmpty();
  }

  @Test
  void anIndexThatIsNotOnEveryPartitionIsLookedAt() throws SQLException {
    database.run(
        """
        create table events (id int, day date) partition by list (day);
        create table events_1 partition of events for values in ('2024-01-01');
        create unique index once on only events (id, day);
        insert into events values (1, '2024-01-01'), (1, '2024-01-01');
        """);
    Finding finding = database.look(rule, "events_1").findings().get(0);
    assertThat(finding.rows()).isEqualTo(2);
    assertThat(finding.keys()).isEmpty();
  }

  @Test
  void validIndexesAreNotLookedAt() throws SQLException {
    database.run("create table users (id int primary key, mail text unique)");
    assertThat(database.look(rule, "users").looks()).isZero();
  }

  @Test
  void fullModeFindsWhatACorruptIndexLetIn() throws SQLException {
    database.run(
        """
        create table users (id int primary key, mail text, kind int);
        create unique index one_mail on users (mail, kind);
        insert into users values (1, 'a', 1), (2, 'b', 1), (3, null, 1);
        update pg_index set indisready = false where indexrelid = 'one_mail'::regclass;
        insert into users values (4, 'a', 1), (5, null, 1), (6, 'a', 2);
        update pg_index set indisready = true where indexrelid = 'one_mail'::regclass;
        """);
    assertThat(database.look(rule, "users").looks()).isZero();
    Finding finding = database.look(rule, Mode.FULL, "users").findings().get(0);
    assertThat(finding.rows()).isEqualTo(2);
    assertThat(finding.keys()).containsExactlyInAnyOrder(Map.of("id", "1"), Map.of("id", "4"));
  }
}

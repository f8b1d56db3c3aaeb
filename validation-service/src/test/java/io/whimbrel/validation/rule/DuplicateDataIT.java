package io.whimbrel.validation.rule;

import static org.assertj.core.api.Assertions.assertThat;

import io.whimbrel.event.Severity;
import java.sql.SQLException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DuplicateDataIT extends RuleTestBase {
  private final Rule rule = new DuplicateData();

  @Test
  void rowsThatAreThereTwiceAreCounted() throws SQLException {
    database.run(
        """
        create table log (r int, "Text" text, doc json, at point);
        insert into log values (1, 'a', '{}', '(1,2)'), (1, 'a', '{}', '(1,2)'),
          (1, 'a', '{}', '(1,2)'), (2, null, null, null), (2, null, null, null),
          (3, 'a', '{}', null);
        """);
    Finding finding = database.look(rule, "log").findings().get(0);
    assertThat(finding.severity()).isEqualTo(Severity.WARNING);
    assertThat(finding.rows()).isEqualTo(3);
    assertThat(finding.keys()).isEmpty();
    assertThat(finding.subject()).isNull();
  }

  @Test
  void tablesWithAKeyAreNotLookedAt() throws SQLException {
    database.run(
        """
        create table a (id int primary key);
        create table b (id int unique);
        """);
    assertThat(database.look(rule, "a", "b").looks()).isZero();
  }

  @Test
  void differentRowsAndEmptyTablesPass() throws SQLException {
    database.run(
        """
        create table a (n int);
        create table b (n int);
        insert into a values (1), (2);
        """);
    RuleFixture.Looked look = database.look(rule, "a", "b");
    assertThat(look.findings()).isEmpty();
    assertThat(look.looks()).isEqualTo(2);
  }

  @Test
  void aPartitionedTableIsLookedAtOnce() throws SQLException {
    database.run(
        """
        create table log (day date, n int) partition by list (day);
        create table log_1 partition of log for values in ('2024-01-01');
        insert into log values ('2024-01-01', 1), ('2024-01-01', 1);
        """);
    assertThat(database.look(rule, "log_1").findings())
        .singleElement()
        .satisfies(finding -> assertThat(finding.table()).hasToString("public.log"));
  }

  @Test
  void aTableOfManyColumnsIsNoProblem() throws SQLException {
    String columns =
        IntStream.range(0, 1500).mapToObj(i -> "c" + i + " int").collect(Collectors.joining(", "));
    database.run("create table wide (" + columns + "); insert into wide values (1), (1);");
    assertThat(database.look(rule, "wide").findings().get(0).rows()).isEqualTo(1);
  }
}

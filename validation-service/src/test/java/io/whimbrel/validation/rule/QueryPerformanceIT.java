package io.whimbrel.validation.rule;

import static org.assertj.core.api.Assertions.assertThat;

import io.whimbrel.event.Phase;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;

class QueryPerformanceIT extends RuleTestBase {

  @Test
  void withoutTheExtensionItIsSkippedAndSaysWhatToDo() throws SQLException {
    RuleFixture.Looked looked = database.lookEverywhere(new QueryPerformance());

    assertThat(looked.looks()).isZero();
    assertThat(looked.obstacles())
        .singleElement()
        .satisfies(
            obstacle -> {
              assertThat(obstacle.failed()).isFalse();
              assertThat(obstacle.reason()).contains("create extension pg_stat_statements");
            });
  }

  @Test
  void aStatementThatNobodyHasSentAgainIsJudgedByItsPlan() throws SQLException {
    database.run(
        """
        create extension pg_stat_statements;
        create table customer (id int primary key, mail text);
        insert into customer select n, 'S3cret' || n from generate_series(1, 50000) as n;
        create index customer_mail on customer (mail);
        analyze customer;
        select id from customer where mail = 'S3cret7';
        """);
    Memory before = Memory.none();
    look(Phase.BEFORE, before);
    database.run("drop index customer_mail");
    Memory after = new Memory(before.notes());

    RuleFixture.Looked looked = look(Phase.AFTER, after);

    assertThat(looked.obstacles()).isEmpty();
    assertThat(looked.findings())
        .singleElement()
        .satisfies(
            finding ->
                assertThat(finding.message())
                    .contains("the planner expects")
                    .contains("using customer_mail")
                    .contains("Seq Scan on customer"));
    assertThat(looked.findings().toString() + after.notes()).doesNotContain("S3cret");
  }

  private RuleFixture.Looked look(Phase phase, Memory memory) throws SQLException {
    return database.lookEverywhere(
        new QueryPerformance(), Declarations.NONE, new Occasion(phase, List.of(), memory));
  }
}

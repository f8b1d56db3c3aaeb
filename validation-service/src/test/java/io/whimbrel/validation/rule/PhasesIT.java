package io.whimbrel.validation.rule;

import static org.assertj.core.api.Assertions.assertThat;

import io.whimbrel.event.Phase;
import io.whimbrel.event.Severity;
import io.whimbrel.event.TableName;
import io.whimbrel.validation.declared.RuleFiles;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is seen only by looking twice. */
class PhasesIT extends RuleTestBase {
  private static final String TABLES =
      """
      create table orders (id int primary key, total int);
      create table trail (id int generated always as identity primary key, what text);
      create table visits (id int generated always as identity primary key, n int);
      create table quiet (id int primary key);
      create table flyway_schema_history (installed_rank int primary key, version text);
      insert into orders select n, n from generate_series(1, 10) as n;
      insert into flyway_schema_history values (1, '1');
      """;

  private Map<String, String> notes = Map.of();

  @Test
  void rowsThatARunWroteElsewhereAreFoundAndThoseOfOthersAreNot() throws SQLException {
    database.run(TABLES);
    before(Declarations.NONE);
    ended(
        "begin; update orders set total = 0; insert into trail (what) values ('S3cret'), ('x');"
            + " insert into flyway_schema_history values (2, '2'); commit");
    ended("insert into visits (n) select n from generate_series(1, 100) as n");

    RuleFixture.Looked after = after(Declarations.NONE);

    assertThat(after.obstacles()).isEmpty();
    assertThat(after.findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.severity()).isEqualTo(Severity.WARNING);
              assertThat(finding.table()).isEqualTo(new TableName("public", "trail"));
              assertThat(finding.rows()).isEqualTo(2);
              assertThat(finding.keys()).containsExactly(Map.of("id", "1"), Map.of("id", "2"));
              assertThat(finding.toString()).doesNotContain("S3cret");
            });
  }

  @Test
  void tablesThatWereAlteredOrDroppedUnexpectedlyAreFound() throws SQLException {
    database.run(TABLES);
    before(Declarations.NONE);
    database.run("drop table quiet; alter table visits add column more int");

    assertThat(after(Declarations.NONE).findings())
        .extracting(Finding::message)
        .satisfiesExactlyInAnyOrder(
            message -> assertThat(message).contains("public.quiet was dropped"),
            message -> assertThat(message).contains("public.visits was altered"));
  }

  @Test
  void withoutTheRightToReadTheHistoryItSaysThatItDoesNotKnow() throws SQLException {
    database.run(TABLES + "revoke all on flyway_schema_history from rule_reader;");
    before(Declarations.NONE);
    ended("insert into visits (n) values (1)");

    assertThat(after(Declarations.NONE).findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.severity()).isEqualTo(Severity.INFO);
              assertThat(finding.message()).contains("grant select");
            });
  }

  @Test
  void aDeclaredQueryMustReturnWhatItReturnedBefore() throws SQLException {
    database.run(TABLES);
    Declarations declared =
        RuleFiles.parse(
                "rules.yaml",
                """
                data_consistency:
                  - { id: as_many, sql: select count(*) from orders, sameAs: before }
                  - { id: the_same, sql: "select id, total from orders", sameAs: before }
                """)
            .declarations();
    RuleFixture.Looked before = before(declared);
    database.run("update orders set total = case id when 1 then 2 when 2 then 1 else total end");
    RuleFixture.Looked after = after(declared);

    assertThat(before.findings()).isEmpty();
    assertThat(after.findings()).extracting(Finding::subject).containsExactly("the_same");
    assertThat(after.findings()).extracting(Finding::severity).containsExactly(Severity.ERROR);
    assertThat(notes.toString()).doesNotContain("(1,1)");
  }

  @Test
  void whatNobodyNotedIsNotedAndNotJudged() throws SQLException {
    database.run(TABLES);
    Declarations declared =
        RuleFiles.parse(
                "rules.yaml", "data_consistency: [ { id: a, sql: select 1, sameAs: before } ]")
            .declarations();

    assertThat(planned(Phase.AFTER, new Memory(Map.of()), declared))
        .allMatch(Look.Note.class::isInstance);
    assertThat(planned(Phase.BEFORE, Memory.none(), declared))
        .allMatch(Look.Note.class::isInstance);
  }

  private List<Look> planned(Phase phase, Memory memory, Declarations declared)
      throws SQLException {
    try (Connection reader = database.reader()) {
      Scope scope = ScopeReader.named(reader, RuleFixture.names("orders"));
      return new DataConsistency()
          .looks(
              new RuleContext(
                  reader,
                  scope,
                  Mode.QUICK,
                  new Declared(declared, List.of("public")),
                  new Occasion(phase, List.of(), memory)));
    }
  }

  private RuleFixture.Looked before(Declarations declared) throws SQLException {
    return look(Phase.BEFORE, Memory.none(), declared);
  }

  private RuleFixture.Looked after(Declarations declared) throws SQLException {
    return look(Phase.AFTER, new Memory(notes), declared);
  }

  private RuleFixture.Looked look(Phase phase, Memory memory, Declarations declared)
      throws SQLException {
    RuleFixture.Looked looked =
        database.look(
            new DataConsistency(),
            Mode.QUICK,
            declared,
            new Occasion(phase, List.of(), memory),
            "orders");
    notes = memory.notes();
    return looked;
  }

  /** A session's counters are there for all once it has ended. */
  private void ended(String sql) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}

package io.whimbrel.validation.rule;

import static org.assertj.core.api.Assertions.assertThat;

import io.whimbrel.event.Severity;
import io.whimbrel.validation.declared.RuleFiles;
import java.sql.SQLException;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DeclaredRulesIT extends RuleTestBase {

  static Stream<Arguments> cases() {
    return Stream.of(
        Arguments.of(
            "names in mixed case and with quotes",
            "data_range_validation: [ { table: 'Sa\"les.The Order', column: 'It''s \"n', min: 0 }"
                + " ]",
            """
            create schema "Sa""les";
            create table "Sa""les"."The Order" ("I d" int primary key, "It's ""n" int);
            insert into "Sa""les"."The Order" values (1, -1), (2, 0);
            """,
            1L,
            Map.of("I d", "1")),
        Arguments.of(
            "values are literals, whatever they hold",
            "data_range_validation: [ { table: t, column: c, max: \"' or true -- \\\\\" } ]",
            """
            create table t (id int primary key, c text collate "C");
            insert into t values (1, 'a'), (2, '$');
            """,
            1L,
            Map.of("id", "1")),
        Arguments.of(
            "bounds of the type of the column",
            "data_range_validation: [ { table: t, column: c, min: 2020-01-01, max: 2030-01-01 } ]",
            """
            create table t (id int primary key, c date);
            insert into t values (1, '2019-12-31'), (2, '2020-01-01'), (3, null);
            """,
            1L,
            Map.of("id", "1")),
        Arguments.of(
            "json that is none",
            "data_type_validation: [ { table: t, column: c, type: jsonb } ]",
            """
            create table t (id int primary key, c text);
            insert into t values (1, '{"a": 1}'), (2, '{a: 1}'), (3, null);
            """,
            1L,
            Map.of("id", "2")),
        Arguments.of(
            "references of several columns",
            """
            referential_integrity:
              - { table: child, columns: [a, b], parent: parent, parentColumns: [x, y] }
            """,
            """
            create table parent (x int, y int);
            create table child (id int primary key, a int, b int);
            insert into parent values (1, 2);
            insert into child values (1, 1, 2), (2, 2, 1), (3, 2, null);
            """,
            1L,
            Map.of("id", "2")),
        Arguments.of(
            "rows whose parent's table is not told",
            """
            orphaned_records:
              - { table: t, typeColumn: kind, idColumn: ref, parents: { p: { table: p, column: id } } }
            """,
            """
            create table p (id int);
            create table t (id int primary key, kind text, ref text);
            insert into p values (1);
            insert into t values (1, 'p', '1'), (2, null, '1'), (3, null, null), (4, 'p', null);
            """,
            1L,
            Map.of("id", "2")),
        Arguments.of(
            "natural keys in spite of case and spaces",
            "duplicate_data: [ { table: t, columns: [a, b], ignoreCase: true, ignoreSpaces: true }"
                + " ]",
            """
            create table t (id int primary key, a text, b text);
            insert into t values (1, 'Ann  Lee', 'x'), (2, ' ann lee', 'X'), (3, 'ann lee', 'y'),
              (4, null, 'x'), (5, null, 'x');
            """,
            2L,
            null),
        Arguments.of(
            "an answer that is neither true nor false",
            "business_constraints: [ { id: a, sql: select null::boolean } ]",
            "",
            0L,
            null),
        Arguments.of(
            "a query that ends in a comment and a semicolon in the default schema",
            """
            data_consistency:
              - { id: a, key: [id], sql: "select id, secret from t -- all of them ;" }
            """,
            "create table t (id int primary key, secret text); insert into t values (1, 'S3cret');",
            1L,
            Map.of("id", "1")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void findsExactlyTheWrongRows(
      String name, String yaml, String sql, long rows, @Nullable Map<String, String> key)
      throws SQLException {
    database.run(sql);
    Declarations declarations = declarations(yaml);
    Rule rule =
        Rules.ALL.stream()
            .filter(candidate -> candidate.id().equals(yaml.substring(0, yaml.indexOf(':'))))
            .findFirst()
            .orElseThrow();
    RuleFixture.Looked looked = database.lookEverywhere(rule, declarations);
    assertThat(looked.obstacles()).isEmpty();
    Finding finding = looked.findings().get(0);
    assertThat(looked.findings()).hasSize(1);
    assertThat(finding.rows()).isEqualTo(rows);
    assertThat(finding.toString()).doesNotContain("S3cret");
    if (key != null) {
      assertThat(finding.keys()).containsExactly(key);
    }
  }

  @Test
  void aQueryThatTakesTooLongIsBrokenOffAndHarmsOnlyItself() throws SQLException {
    RuleFixture.Looked looked =
        database.lookEverywhere(
            new BusinessConstraints(),
            declarations(
                """
                business_constraints:
                  - { id: slow, sql: select pg_sleep(60) is null, timeout: 50ms }
                  - { id: wrong, sql: select no_such_thing }
                  - { id: broken, sql: select false, severity: warning }
                """));
    assertThat(looked.findings()).extracting(Finding::subject).containsExactly("broken");
    assertThat(looked.findings()).extracting(Finding::severity).containsExactly(Severity.WARNING);
    assertThat(looked.obstacles())
        .extracting(Obstacle::reason)
        .anyMatch(reason -> reason.contains("57014"))
        .anyMatch(reason -> reason.contains("42703"));
  }

  @Test
  void aQueryIsAskedInItsPhaseAndForItsTablesOnly() throws SQLException {
    database.run("create table t (id int)");
    RuleFixture.Looked looked =
        database.lookEverywhere(
            new DataConsistency(),
            declarations(
                """
                data_consistency:
                  - { id: elsewhere, sql: select false, tables: [u] }
                  - { id: earlier, sql: select false, phases: [before, after] }
                  - { id: here, sql: select false, tables: [t], phases: [targeted] }
                """));
    assertThat(looked.findings()).extracting(Finding::subject).containsExactly("here");
  }

  @Test
  void whatIsDeclaredCannotWrite() throws SQLException {
    database.run("create table t (id int); grant all on t to public");
    RuleFixture.Looked looked =
        database.lookEverywhere(
            new BusinessConstraints(),
            declarations(
                """
                business_constraints:
                  - { id: a, sql: "with w as (insert into t values (1) returning id) select id from w" }
                  - { id: b, sql: "select 1) as r; insert into t values (1); select * from (select 1" }
                """));
    assertThat(looked.obstacles()).hasSize(2);
    database.run("do $$ begin assert (select count(*) = 0 from t); end $$");
  }

  private static Declarations declarations(String yaml) {
    RuleFiles.Read read = RuleFiles.parse("rules.yaml", yaml);
    assertThat(read.problems()).isEmpty();
    return read.declarations();
  }
}

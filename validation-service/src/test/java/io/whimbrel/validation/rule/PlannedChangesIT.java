package io.whimbrel.validation.rule;

import static io.whimbrel.event.PlannedChange.foreignKey;
import static io.whimbrel.event.PlannedChange.notNull;
import static io.whimbrel.event.PlannedChange.type;
import static io.whimbrel.event.PlannedChange.unique;
import static org.assertj.core.api.Assertions.assertThat;

import io.whimbrel.event.Phase;
import io.whimbrel.event.PlannedChange;
import io.whimbrel.event.Severity;
import io.whimbrel.event.TableName;
import io.whimbrel.local.EmbeddedPostgres;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Rows that a run would stumble over half way. */
class PlannedChangesIT {
  private static final TableName LINE = new TableName("public", "Line \"x");
  private static final TableName ITEM = new TableName("shop", "item");

  private static final String TABLES =
      """
      create schema shop;
      create table shop.item (id int, kind text, unique (id, kind));
      create table "Line ""x" (id int primary key, "item Id" int, kind varchar(9), t text, n numeric,
        big bigint, f float8);
      insert into shop.item values (1, 'a'), (2, 'b');
      insert into "Line ""x" values
        (1, 1, 'a', '12', 1.5, 1, 1.4), (2, 2, 'a', 'S3cret', 1e10, 3000000000, 'NaN'),
        (3, null, 'b', null, 99.995, -1, 0), (4, null, null, '7', null, null, null);
      """;

  static Stream<Arguments> cases() {
    return Stream.of(
        Arguments.of(new NotNullConstraints(), notNull(LINE, List.of("item Id")), 2, "3"),
        Arguments.of(new UniqueConstraints(), unique(LINE, List.of("kind"), false), 2, "1"),
        Arguments.of(new UniqueConstraints(), unique(LINE, List.of("item Id"), true), 2, "3"),
        Arguments.of(
            new FkIntegrity(),
            foreignKey(LINE, List.of("item Id", "kind"), ITEM, List.of("id", "kind")),
            1,
            "2"),
        Arguments.of(new DataTypeValidation(), type(LINE, "t", "integer"), 1, "2"),
        Arguments.of(new DataTypeValidation(), type(LINE, "t", "character varying(3)"), 1, "2"),
        Arguments.of(new DataTypeValidation(), type(LINE, "n", "numeric(4,2)"), 2, "2"),
        Arguments.of(new DataTypeValidation(), type(LINE, "n", "integer"), 1, "2"),
        Arguments.of(new DataTypeValidation(), type(LINE, "big", "integer"), 1, "2"),
        Arguments.of(new DataTypeValidation(), type(LINE, "f", "smallint"), 1, "2"));
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource("cases")
  void theRowsAreFoundOnEveryServer(Rule rule, PlannedChange change, long rows, String first)
      throws SQLException {
    for (EmbeddedPostgres server :
        List.of(EmbeddedPostgres.shared(), EmbeddedPostgres.sharedOldest())) {
      try (RuleFixture database = new RuleFixture(server)) {
        database.run(TABLES);

        RuleFixture.Looked looked = look(database, rule, change);

        assertThat(looked.obstacles()).isEmpty();
        assertThat(looked.findings())
            .singleElement()
            .satisfies(
                finding -> {
                  assertThat(finding.severity()).isEqualTo(Severity.WARNING);
                  assertThat(finding.rows()).isEqualTo(rows);
                  assertThat(finding.keys().get(0)).isEqualTo(Map.of("id", first));
                  assertThat(finding.message()).contains("fails half way");
                  assertThat(finding.toString()).doesNotContain("S3cret");
                  database.run(String.valueOf(finding.remedy()));
                });
      }
    }
  }

  static Stream<Arguments> nothingToFind() {
    return Stream.of(
        Arguments.of(new NotNullConstraints(), notNull(LINE, List.of("id"))),
        Arguments.of(new NotNullConstraints(), notNull(LINE, List.of("yet to come"))),
        Arguments.of(new NotNullConstraints(), notNull(ITEM, List.of("id"))),
        Arguments.of(new UniqueConstraints(), unique(LINE, List.of("item Id"), false)),
        Arguments.of(
            new FkIntegrity(),
            foreignKey(LINE, List.of("id"), new TableName("shop", "new"), List.of("id"))),
        Arguments.of(new DataTypeValidation(), type(LINE, "t", "text")),
        Arguments.of(new DataTypeValidation(), type(LINE, "id", "bigint")),
        Arguments.of(new DataTypeValidation(), type(LINE, "n", "double precision")));
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource("nothingToFind")
  void rowsThatFitAndThingsYetToComeAreNoFindings(Rule rule, PlannedChange change)
      throws SQLException {
    try (RuleFixture database = new RuleFixture()) {
      database.run(TABLES);

      assertThat(look(database, rule, change).findings()).isEmpty();
    }
  }

  @Test
  void aTypeOfTheTargetsSchemasIsFoundAndOneThatIsYetToComeIsSkipped() throws SQLException {
    try (RuleFixture database = new RuleFixture()) {
      database.run(TABLES + "create type mood as enum ('12', '7');");

      assertThat(look(database, new DataTypeValidation(), type(LINE, "t", "mood")).findings())
          .extracting(Finding::rows)
          .containsExactly(1L);
      assertThat(look(database, new DataTypeValidation(), type(LINE, "t", "grade")).obstacles())
          .extracting(Obstacle::reason)
          .allMatch(reason -> reason.contains("not there yet"));
    }
  }

  private static RuleFixture.Looked look(RuleFixture database, Rule rule, PlannedChange change)
      throws SQLException {
    Occasion occasion = new Occasion(Phase.BEFORE, List.of(change), Memory.none());
    return database.look(rule, Mode.QUICK, Declarations.NONE, occasion, "Line \"x", "shop.item");
  }
}

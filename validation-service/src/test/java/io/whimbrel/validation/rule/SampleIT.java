package io.whimbrel.validation.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.whimbrel.event.Severity;
import java.sql.SQLException;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class SampleIT extends RuleTestBase {
  private static final Sampling TENTH = new Sampling(10_000, 10_000);

  private static final String TABLE =
      """
      create table parent (id int primary key);
      insert into parent select generate_series(1, 1000);
      create table child (id int primary key, parent_id int, n int, code text);
      insert into child select i, 1 + i % 1000, i % 100, 'c' || i from generate_series(1, 100000) as i;
      alter table child add constraint of_parent foreign key (parent_id) references parent not valid,
        add constraint small check (n < 100) not valid;
      analyze child;
      """;

  @Test
  void aSampleWithoutAWrongRowSaysHowManyThereMayBe() throws SQLException {
    database.run(TABLE);

    Finding finding = database.sample(new CheckConstraints(), TENTH, "child").findings().get(0);

    assertThat(finding.severity()).isEqualTo(Severity.INFO);
    assertThat(finding.message()).startsWith("no violation found in ").contains("95 % upper bound");
    Estimate estimate = Objects.requireNonNull(finding.estimate());
    assertThat(estimate.sampled()).isBetween(2_000L, 30_000L);
    assertThat(estimate.low()).isZero();
    assertThat(estimate.high()).isBetween(1_000L, 30_000L);
  }

  @Test
  void theNumberOfWrongRowsIsEstimatedWithItsInterval() throws SQLException {
    database.run(TABLE.replace("i % 100,", "case when i % 4 = 0 then 100 else 1 end,"));

    Finding finding = database.sample(new CheckConstraints(), TENTH, "child").findings().get(0);

    Estimate estimate = Objects.requireNonNull(finding.estimate());
    assertThat(finding.severity()).isEqualTo(Severity.ERROR);
    assertThat(finding.rows()).isCloseTo(25_000L, within(20_000L));
    assertThat(finding.rows()).isBetween(estimate.low(), estimate.high());
    assertThat(finding.message()).startsWith("about ").contains("95 % interval");
    assertThat(finding.keys()).hasSize(5);
  }

  @Test
  void childrenWithoutAParentAreEstimatedToo() throws SQLException {
    database.run(TABLE.replace("1 + i % 1000", "1 + i % 2000"));

    Finding finding = database.sample(new FkIntegrity(), TENTH, "child").findings().get(0);

    assertThat(finding.estimate()).isNotNull();
    assertThat(finding.rows()).isCloseTo(50_000L, within(35_000L));
  }

  @Test
  void whatASampleCannotTellIsSkippedInLargeTablesOnly() throws SQLException {
    database.run(
        "create table large (n int); insert into large select generate_series(1, 20000);"
            + " create table little (n int); insert into little values (1), (1); analyze large");

    RuleFixture.Looked looked = database.sample(new DuplicateData(), TENTH, "large", "little");

    assertThat(looked.findings()).extracting(Finding::estimate).containsOnlyNulls();
    assertThat(looked.findings()).hasSize(1);
    assertThat(looked.obstacles())
        .singleElement()
        .satisfies(obstacle -> assertThat(obstacle.reason()).contains("public.large is large"));
  }
}

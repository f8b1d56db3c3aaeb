package io.whimbrel.executor.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import io.whimbrel.event.TableName;
import io.whimbrel.executor.impact.Bed;
import io.whimbrel.executor.rehearsal.facts.ColumnUse;
import io.whimbrel.executor.rehearsal.facts.ColumnUses;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ProgramStatementsIT {
  private static final TableName ITEM = new TableName("public", "item");
  private static final String[] SCRIPT = {
    "alter table item drop column price",
    "alter table item rename column \"Name\" to title",
    "alter table item drop column kept",
    "alter table item rename column a to b",
    "alter table item rename column b to a"
  };

  static Stream<Bed> servers() throws SQLException {
    return Stream.of(filled(Bed.oldest()), filled(Bed.newest()));
  }

  private static Bed filled(Bed bed) throws SQLException {
    bed.asSuperuser("alter role " + bed.role() + " createdb");
    return bed.run(
        "create table item (id int primary key, price int, \"Name\" text, kept int, a int)",
        "create table other (price int, kept int)");
  }

  @ParameterizedTest
  @MethodSource("servers")
  void statementsThatPostgresCannotParseWithoutAColumnUseIt(Bed bed) throws Exception {
    bed.asSuperuser("create extension pg_stat_statements");
    bed.asSuperuser("grant pg_read_all_stats to " + bed.role());
    // Full of what other tests have run, it would forget statements that ran once.
    bed.asSuperuser("select pg_stat_statements_reset()");
    for (String statement :
        List.of(
            "select i.price + 1 from item i where id = 7",
            "select i.price + 1 from item i where id = 8",
            "update item set price = 3 where id = 5",
            "insert into item (id, \"Name\") values (1, 'price')",
            "select 1 as kept from item where a = 1",
            "select price, kept from other where price > 2",
            "select * from item")) {
      bed.asSuperuser(statement);
    }
    bed.run("select price, kept from item");

    ColumnUses uses = uses(bed);

    assertThat(rehearsed(bed).summary())
        .endsWith("without what the role may not create there: extension pg_stat_statements");
    assertThat(uses.unknown()).isNull();
    assertThat(uses.since()).isNotNull();
    assertThat(uses.columns())
        .containsExactlyInAnyOrder(
            new ColumnUse(ITEM, "price", 2, 3), new ColumnUse(ITEM, "Name", 1, 1));
  }

  @ParameterizedTest
  @MethodSource("servers")
  void whatTheStatisticsDoNotShowIsSaid(Bed bed) throws Exception {
    assertThat(uses(bed).unknown()).contains("has no extension pg_stat_statements");

    bed.asSuperuser("create extension pg_stat_statements");
    bed.asSuperuser("select price from item");
    ColumnUses uses = uses(bed);
    assertThat(uses.columns()).isEmpty();
    assertThat(uses.unknown()).contains("grant it pg_read_all_stats");
  }

  private static ColumnUses uses(Bed bed) throws SQLException {
    RehearsalReport report = rehearsed(bed);
    return Objects.requireNonNull(report.uses(), report.summary());
  }

  private static RehearsalReport rehearsed(Bed bed) throws SQLException {
    RehearsalReport report =
        Rehearsal.rehearse(
            bed.target(), UUID.randomUUID(), List.of(Bed.script("V1__test.sql", SCRIPT)));
    assertThat(report.failure()).as(report.summary()).isNull();
    return report;
  }
}

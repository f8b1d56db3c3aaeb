package io.whimbrel.executor.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.whimbrel.executor.catalog.Refusal;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BatchKeyIT {

  private static final String EVENTS =
      """
      create table events (tenant text, id bigint, n int not null default 0,
        primary key (tenant, id));
      insert into events select 'te"n\\ant,' || g % 3, g from generate_series(1, 1000) g;
      """;

  @TempDir Path directory;
  private TestTarget target;

  @BeforeEach
  void freshTarget() throws SQLException {
    target = new TestTarget(directory).adopted();
    target.execute("create table before (id int)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "update events set n = n + 1",
        "update events e set n = n + 1 where /* whimbrel:range e.tenant, e.id */",
        "with done as (update events e set n = n + 1 where /* whimbrel:range e.tenant, e.id */"
            + " returning 1) select count(*) from done",
      })
  void aKeyOfSeveralColumnsReachesEveryRowOnce(String sql) throws Exception {
    target.execute(EVENTS);
    target.file("V2__b.sql", "-- whimbrel:batch table=events key=tenant,id size=70\n" + sql);

    assertThat(target.apply("2")).isInstanceOf(ApplyResult.Applied.class);
    assertThat(target.value("select count(*) from events where n = 1")).isEqualTo("1000");
  }

  @Test
  void aStoppedScriptGoesOnBehindAKeyOfSeveralColumns() throws Exception {
    target.execute(EVENTS);
    target.execute("create table broken as select true as yes");
    target.execute(
        """
        create function stop() returns trigger language plpgsql as $$ begin
          if new.id = 500 and (select yes from broken) then raise 'stop'; end if;
          return new;
        end $$;
        create trigger stop before update on events for each row execute function stop();
        """);
    target.file(
        "V2__b.sql",
        "-- whimbrel:batch table=events key=tenant,id size=70\nupdate events set n = n + 1");
    TransactionalScriptIT.failure(target.apply("2"));
    target.execute("update broken set yes = false");

    assertThat(target.apply("2"))
        .isInstanceOfSatisfying(
            ApplyResult.Applied.class, a -> assertThat(a.rows()).isEqualTo(1_000));
    assertThat(target.value("select count(*) from events where n = 1")).isEqualTo("1000");
  }

  @Test
  void quotedNamesAndPartitionedTablesAreGoneOver() throws Exception {
    target.execute(
        """
        create schema "My Shop";
        create table "My Shop"."Order Lines" ("Line, No" int primary key, n int default 0)
          partition by range ("Line, No");
        create table "My Shop".low partition of "My Shop"."Order Lines" for values from (0) to (40);
        create table "My Shop".high partition of "My Shop"."Order Lines"
          for values from (40) to (900);
        insert into "My Shop"."Order Lines" select generate_series(1, 100);
        """);
    target.file(
        "V2__b.sql",
        """
        -- whimbrel:batch table="My Shop"."Order Lines" key="Line, No" size=7
        update "My Shop"."Order Lines" set n = n + 1
        """);

    assertThat(target.apply("2"))
        .isInstanceOfSatisfying(
            ApplyResult.Applied.class, a -> assertThat(a.rows()).isEqualTo(100));
    assertThat(target.value("select count(*) from \"My Shop\".\"Order Lines\" where n = 1"))
        .isEqualTo("100");
  }

  @Test
  void rowsThatCameBehindTheBoundAreGoneOverInTheEnd() throws Exception {
    target.execute(EVENTS);
    target.file(
        "V2__b.sql",
        "-- whimbrel:batch table=events key=tenant,id size=100\nupdate events set n = n + 1");
    ApplyListener writer =
        new ApplyListener() {
          private boolean wrote;

          @Override
          public void rows(RowProgress progress) {
            if (!wrote) {
              wrote = true;
              insertBehind();
            }
          }
        };

    assertThat(target.apply(target.script("2"), writer, InTransaction.NOTHING))
        .isInstanceOf(ApplyResult.Applied.class);
    assertThat(target.value("select count(*) from events where n = 1")).isEqualTo("1250");
  }

  private void insertBehind() {
    try {
      target.execute("insert into events select 'zoo', g from generate_series(1, 250) g");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aStatementThatAddsToItsOwnTableDoesNotMeetItsOwnRows() throws Exception {
    target.execute(EVENTS);
    target.file(
        "V2__b.sql",
        "-- whimbrel:batch table=events key=tenant,id size=100\n"
            + "insert into events select 'zoo' || tenant, id from events"
            + " where /* whimbrel:range */");

    assertThat(target.apply("2")).isInstanceOf(ApplyResult.Applied.class);
    assertThat(target.value("select count(*) from events")).isEqualTo("2000");
  }

  @Test
  void aBatchReadsNoMoreThanItsRangeOfTheIndex() throws Exception {
    target.execute(
        """
        create table big (tenant int, id int, n int default 0, primary key (tenant, id));
        insert into big select g % 4, g from generate_series(1, 40000) g;
        analyze big;
        """);
    target.file("V2__b.sql", "-- whimbrel:batch table=big key=tenant,id\nupdate big set n = n + 1");
    RangedStatement ranged = RangedStatement.of(target.script("2"));
    try (Connection connection = target.stranger("test");
        Statement statement = connection.createStatement()) {
      BatchKey key = BatchKey.find(connection, target.script("2"), ranged);
      KeyRange range =
          new KeyRange(
              key, new KeyValue(List.of("1", "8000")), new KeyValue(List.of("1", "9000")), 250);
      StringBuilder plan = new StringBuilder();
      try (ResultSet lines = statement.executeQuery("explain analyze " + ranged.between(range))) {
        while (lines.next()) {
          plan.append(lines.getString(1)).append('\n');
        }
      }
      assertThat(plan).contains("Index Cond: ((tenant = 1)").doesNotContain("Seq Scan", "Removed");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "create unique index on keyed (a, b)                  | key=b,a",
        "create unique index on keyed (a)                     | key=a,b",
        "create unique index on keyed (a, b) where a > 'b'    | key=a,b",
        "create unique index on keyed (a collate \"C\", b)    | key=a,b",
        "create unique index on keyed (a text_pattern_ops, b) | key=a,b",
        "create unique index on keyed (a, b desc)             | key=a,b",
        "create unique index on keyed (c)                     | key=c",
      })
  void anIndexThatDoesNotServeTheKeyIsRefusedWithTheRemedy(String index, String key)
      throws Exception {
    target.execute("create table keyed (a text not null, b int not null, c int);" + index);
    target.file("V2__b.sql", "-- whimbrel:batch table=keyed " + key + "\ndelete from keyed");

    assertThatThrownBy(() -> target.apply("2"))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("needs NOT NULL and a unique index")
        .hasMessageContaining("create one");
  }

  @Test
  void aMarkThatDoesNotFitItsStatementFailsBeforeAnythingRuns() throws Exception {
    target.execute(EVENTS);
    target.file(
        "V2__b.sql",
        "-- whimbrel:batch table=events key=tenant,id\n"
            + "update events set n = 1 where /* whimbrel:range o.tenant, o.id */");

    ApplyFailure failure = TransactionalScriptIT.failure(target.apply("2"));

    assertThat(failure.sqlState()).isEqualTo("42P01");
    assertThat(failure.line()).isEqualTo(2);
    assertThat(target.value("select count(*) from whimbrel.checkpoint")).isEqualTo("0");
  }
}

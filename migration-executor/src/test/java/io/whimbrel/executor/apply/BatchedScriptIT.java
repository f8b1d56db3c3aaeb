package io.whimbrel.executor.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.whimbrel.executor.catalog.Refusal;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BatchedScriptIT {

  private static final String ROWS =
      "create table users (id bigint primary key, name text, n int not null default 0);"
          + "insert into users select g, 'u' || g from generate_series(1, 10000) g;";

  @TempDir Path directory;
  private TestTarget target;

  @BeforeEach
  void freshTarget() throws SQLException {
    target = new TestTarget(directory).adopted();
    target.execute(ROWS);
  }

  @Test
  void everyRowIsChangedOnceInBatchesOfTheirOwn() throws Exception {
    target.file(
        "V2__b.sql",
        """
        -- whimbrel:batch table=users key=id size=700
        -- whimbrel:verify select min(n) = 1 and max(n) = 1 from users
        update users u set n = n + 1 where true or name is null -- all
        ;
        """);
    List<RowProgress> progress = new ArrayList<>();
    ApplyListener listener =
        new ApplyListener() {
          @Override
          public void rows(RowProgress rows) {
            progress.add(rows);
          }
        };

    ApplyResult result = target.apply(target.script("2"), listener, InTransaction.NOTHING);

    assertThat(result)
        .isInstanceOfSatisfying(
            ApplyResult.Applied.class,
            a -> {
              assertThat(a.rows()).isEqualTo(10_000);
              assertThat(a.slowest())
                  .containsExactly(
                      new StatementFigures(1, a.executionTime().toMillis(), false, 10_000, null));
            });
    assertThat(target.value("select count(distinct cast(xmin as text)) from users"))
        .isEqualTo("15");
    assertThat(target.value("select count(*) from users where n = 1")).isEqualTo("10000");
    assertThat(target.value("select count(*) from whimbrel.checkpoint")).isEqualTo("0");
    assertThat(progress).isNotEmpty().last().extracting(RowProgress::done).isEqualTo(10_000L);
    assertThat(progress).last().extracting(RowProgress::total).isEqualTo(10_000L);
    assertThat(progress).extracting(RowProgress::batchSize).containsOnly(700);
    assertThat(target.flyway().validateWithResult().validationSuccessful).isTrue();
    assertThat(target.apply("2")).isInstanceOf(ApplyResult.AlreadyApplied.class);
  }

  @Test
  void whenRowsAreAddedWithoutEndItEndsAndSaysSo() throws Exception {
    target.execute(
        """
        create function more() returns trigger language plpgsql as $$ begin
          insert into users (id) select max(id) + 1 from users;
          return null;
        end $$;
        create trigger more after update on users for each statement execute function more();
        """);
    target.file(
        "V2__b.sql", "-- whimbrel:batch table=users key=id size=20000\nupdate users set n = n + 1");
    List<Integer> spent = new ArrayList<>();
    ApplyListener listener =
        new ApplyListener() {
          @Override
          public void sweepsSpent(int times) {
            spent.add(times);
          }
        };

    assertThat(target.apply(target.script("2"), listener, InTransaction.NOTHING))
        .isInstanceOfSatisfying(
            ApplyResult.Applied.class, a -> assertThat(a.rows()).isEqualTo(10_005));
    assertThat(spent).containsExactly(5);
    assertThat(target.value("select string_agg(id::text, ' ') from users where n <> 1"))
        .isEqualTo("10006");
  }

  @Test
  void afterAKillTheNextAttemptGoesOnAtTheCheckpoint() throws Exception {
    target.file(
        "V2__b.sql", "-- whimbrel:batch table=users key=id size=1000\nupdate users set n = n + 1");
    // Kills its own session in the batch that holds row 4500, once.
    target.execute(
        """
        create table kill (done boolean);
        create function kill() returns trigger language plpgsql as $$ begin
          if new.id = 4500 and not exists (select from kill) then
            perform pg_terminate_backend(pg_backend_pid());
          end if;
          return new;
        end $$;
        create trigger kill before update on users for each row execute function kill();
        """);

    assertThatThrownBy(() -> target.apply("2")).isInstanceOf(TargetLost.class);

    assertThat(target.value("select last_key || ' ' || rows_done from whimbrel.checkpoint"))
        .isEqualTo("4000 4000");
    assertThat(target.value("select count(*) from users where n = 1")).isEqualTo("4000");

    target.execute("insert into kill values (true)");
    assertThat(target.apply("2"))
        .isInstanceOfSatisfying(
            ApplyResult.Applied.class, a -> assertThat(a.rows()).isEqualTo(10_000));
    assertThat(target.value("select count(*) from users where n = 1")).isEqualTo("10000");
  }

  @Test
  void aScriptThatWasChangedHalfWayIsRefused() throws Exception {
    target.file(
        "V2__b.sql",
        "-- whimbrel:batch table=users key=id size=1000\n"
            + "update users set n = 1 / (5500 - id)::int");
    assertThat(TransactionalScriptIT.failure(target.apply("2")).sqlState()).isEqualTo("22012");
    assertThat(target.value("select last_key from whimbrel.checkpoint")).isEqualTo("5000");

    target.file(
        "V2__b.sql", "-- whimbrel:batch table=users key=id size=1000\nupdate users set n = 1");
    assertThatThrownBy(() -> target.apply("2"))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("V2__b.sql was stopped half way and has been changed since");

    try (Connection connection = target.stranger("test")) {
      Checkpoints.clear(connection, "V2__b.sql");
    }
    assertThat(target.apply("2")).isInstanceOf(ApplyResult.Applied.class);
  }

  @Test
  void aVerifyQueryThatDoesNotHoldLeavesTheCheckpoint() throws Exception {
    target.file(
        "V2__b.sql",
        "-- whimbrel:batch table=users key=id size=5000\n"
            + "-- whimbrel:verify select false\nupdate users set n = 1");

    assertThat(TransactionalScriptIT.failure(target.apply("2")).message()).contains("verify");
    assertThat(target.value("select count(*) from users where n = 1")).isEqualTo("5000");
    assertThat(target.value("select max(version) from flyway_schema_history")).isEqualTo("1");
  }

  @Test
  void rowsCanBeDeletedInBatches() throws Exception {
    target.file(
        "V2__b.sql",
        "-- whimbrel:batch table=users key=id size=300\n"
            + "delete from only users where id % 2 = 0 returning id");

    assertThat(target.apply("2")).isInstanceOf(ApplyResult.Applied.class);
    assertThat(target.value("select count(*) from users")).isEqualTo("5000");
  }

  @Test
  void aMarkedPlaceTakesTheRange() throws Exception {
    target.execute("create table copies (id bigint)");
    target.file(
        "V2__b.sql",
        "-- whimbrel:batch table=users key=id size=900\n"
            + "insert into copies select u.id from users u where /* whimbrel:range u.id */");

    assertThat(target.apply("2"))
        .isInstanceOfSatisfying(
            ApplyResult.Applied.class, a -> assertThat(a.rows()).isEqualTo(10_000));
    assertThat(target.value("select count(*) = count(distinct id) from copies")).isEqualTo("t");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "uuid                     | gen_random_uuid()",
        "text collate \"C.utf8\"  | concat('''\\ ''', g)",
        "timestamp with time zone | timestamptz '2024-01-01 00:00:00.123456+02' + g * interval '1"
            + " h'",
        "numeric(20,3)            | g / 7.0",
        "date                     | date '2024-01-01' + g",
        "bytea                    | decode(lpad(to_hex(g), 8, '0'), 'hex')",
      })
  void anyTypeWithAnOrderIsAKey(String type, String value) throws Exception {
    target.execute(
        "create table keyed (\"The Key\" "
            + type
            + " primary key, n int default 0);"
            + "insert into keyed select "
            + value
            + " from generate_series(1, 50) g");
    target.file(
        "V2__b.sql",
        "-- whimbrel:batch table=public.keyed key=n size=7\nupdate keyed set n = n + 1");
    assertThatThrownBy(() -> target.apply("2"))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("the batch key itself is changed");

    target.execute("alter table keyed rename column \"The Key\" to k");
    target.file(
        "V2__b.sql",
        "-- whimbrel:batch table=public.keyed key=k size=7\nupdate keyed set n = n + 1");
    assertThat(target.apply("2"))
        .isInstanceOfSatisfying(ApplyResult.Applied.class, a -> assertThat(a.rows()).isEqualTo(50));
    assertThat(target.value("select count(*) from keyed where n = 1")).isEqualTo("50");
  }

  @Test
  void anEmptyTableIsDoneAtOnce() throws Exception {
    target.execute("truncate users");
    target.file("V2__b.sql", "-- whimbrel:batch table=users key=id\nupdate users set n = 1");

    assertThat(target.apply("2"))
        .isInstanceOfSatisfying(ApplyResult.Applied.class, a -> assertThat(a.rows()).isZero());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "table=nothing key=id | names no table of this target",
        "table=users key=nothing | names no column of its table",
        "table=users key=name | needs NOT NULL and a unique index",
        "table=pg_class key=oid | changes another table than the batch header names",
      })
  void aHeaderThatDoesNotFitTheTargetIsRefusedBeforeAnythingRuns(String header, String message) {
    target.file("V2__b.sql", "-- whimbrel:batch " + header + "\nupdate users set n = 1");

    assertThatThrownBy(() -> target.apply("2"))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining(message);
  }

  @Test
  void aBatchWithoutItsLockIsTriedAgainAndThenFails() throws Exception {
    target.file(
        "V2__b.sql", "-- whimbrel:batch table=users key=id size=1000\nupdate users set n = 1");
    try (Connection blocker = target.stranger("reporting")) {
      blocker.setAutoCommit(false);
      Sql.execute(blocker, "select 1 from users where id = 2500 for update");

      ApplyFailure failure = TransactionalScriptIT.failure(target.apply("2"));

      assertThat(failure.sqlState()).isEqualTo("55P03");
      assertThat(failure.blockers()).extracting(Blocker::application).containsExactly("reporting");
      assertThat(target.value("select last_key from whimbrel.checkpoint")).isEqualTo("2000");
    }
    assertThat(target.apply("2")).isInstanceOf(ApplyResult.Applied.class);
    assertThat(target.value("select count(*) from users where n = 1")).isEqualTo("10000");
  }

  @Test
  void anAdaptiveBatchThatTakesTooLongIsHalved() throws Exception {
    target.timeouts(Duration.ofSeconds(1), Duration.ofMillis(150));
    target.execute(
        "create function slow(int) returns int language sql volatile as"
            + " $$ select 1 from pg_sleep(0.0005) $$");
    target.execute("delete from users where id > 2000");
    target.file("V2__b.sql", "-- whimbrel:batch table=users key=id\nupdate users set n = slow(n)");

    assertThat(target.apply("2")).isInstanceOf(ApplyResult.Applied.class);
    assertThat(target.value("select count(*) from users where n = 1")).isEqualTo("2000");
  }
}

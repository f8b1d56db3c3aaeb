package io.whimbrel.executor.impact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.whimbrel.event.TableName;
import io.whimbrel.executor.rehearsal.facts.LockMode;
import io.whimbrel.executor.rehearsal.facts.ScriptFacts;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ImpactReaderIT {
  private static final TableName ORDERS = new TableName("public", "orders");
  private static final ImpactSettings QUICK =
      new ImpactSettings(
          Duration.ofSeconds(5),
          Duration.ofMillis(100),
          Duration.ofMillis(1),
          64 << 10,
          Duration.ofSeconds(5),
          Duration.ofSeconds(5),
          Duration.ofSeconds(20),
          5);

  static Stream<Bed> servers() {
    return Stream.of(Bed.oldest(), Bed.newest());
  }

  @ParameterizedTest
  @MethodSource("servers")
  void aTableIsDescribed(Bed bed) throws Exception {
    bed.run(
        "create table customers (id int primary key)",
        "create table orders (id bigint primary key, customer int references customers,"
            + " note text)",
        "create table lines (id int, order_id bigint references orders)",
        "create index orders_note on orders using hash (note)",
        "insert into orders select i, null, repeat('x', 100) from generate_series(1, 5000) i",
        "vacuum analyze orders");
    TableImpact orders = table(bed, ORDERS);
    assertThat(orders.rows().count()).isEqualTo(5000);
    assertThat(orders.rows().exact()).isFalse();
    assertThat(orders.rows().asOf()).isNotNull();
    assertThat(orders.size().measured()).isTrue();
    assertThat(orders.size().heap()).isBetween(600_000L, 900_000L);
    assertThat(orders.indexes())
        .extracting(TableImpact.Index::name, TableImpact.Index::method, TableImpact.Index::keys)
        .containsExactly(
            tuple("orders_note", "hash", List.of("note")),
            tuple("orders_pkey", "btree", List.of("id")));
    assertThat(orders.column("note"))
        .hasValueSatisfying(
            note -> {
              assertThat(note.collated()).isTrue();
              assertThat(note.width()).isBetween(100, 105);
            });
    assertThat(orders.links()).isEqualTo(new TableImpact.Links(1, 1, 0));
    assertThat(orders.vacuum().last()).isNotNull();
    assertThat(orders.unknown()).isEmpty();
  }

  @Test
  void rowsOfASmallTableAreCounted() throws Exception {
    Bed bed = Bed.newest().run("create table orders (id int)", "insert into orders values (1)");
    assertThat(table(bed, ORDERS).rows()).isEqualTo(new TableImpact.Rows(1, true, null, null));
    bed.run("delete from orders");
    assertThat(table(bed, ORDERS).rows().count()).isZero();
  }

  @Test
  void anEstimateFollowsTheSizeOfTheTable() throws Exception {
    Bed bed =
        Bed.newest()
            .run(
                "create table orders (id int, note text) with (autovacuum_enabled = off)",
                "insert into orders select i, repeat('x', 200) from generate_series(1, 1000) i",
                "analyze orders",
                "insert into orders select i, repeat('x', 200) from generate_series(1, 9000) i");
    assertThat(table(bed, ORDERS).rows().count()).isBetween(9_500L, 10_500L);
  }

  @ParameterizedTest
  @MethodSource("servers")
  void partitionsAndTheirIndexesCountTogether(Bed bed) throws Exception {
    bed.run(
        "create table orders (id int, day date) partition by range (day)",
        "create index by_id on orders (id)",
        "create table old partition of orders for values from (minvalue) to ('2026-01-01')",
        "create table new partition of orders default",
        "insert into orders select i, date '2025-12-31' + i % 2 from generate_series(1, 4000) i");
    TableImpact orders = table(bed, ORDERS);
    assertThat(orders.partitions()).isEqualTo(2);
    assertThat(orders.rows().count()).isBetween(3000L, 5000L);
    assertThat(orders.size().heap()).isGreaterThan(100_000);
    assertThat(orders.indexes()).hasSize(1);
    assertThat(orders.indexes().get(0).bytes()).isEqualTo(orders.size().indexes());
  }

  @Test
  void namesMayBeHostile() throws Exception {
    TableName hostile = new TableName("we\"ird; schema", "t'a\\ble\"; drop table x; --");
    Bed bed =
        Bed.newest()
            .run(
                "create schema \"we\"\"ird; schema\"",
                "create table \"we\"\"ird; schema\".\"t'a\\ble\"\"; drop table x; --\""
                    + " (\"c\"\"ol'\" int)");
    TableImpact found = table(bed, hostile);
    assertThat(found.table()).isEqualTo(hostile);
    assertThat(found.rows().exact()).isTrue();
  }

  @Test
  void aTableWithoutRightsIsEstimatedAndTheReasonGiven() throws Exception {
    Bed bed = Bed.newest();
    bed.asSuperuser("create table orders (id int); insert into orders values (1)");
    TableImpact orders = table(bed, ORDERS);
    assertThat(orders.rows().exact()).isFalse();
    assertThat(orders.unknown()).anyMatch(reason -> reason.contains("grant it SELECT"));
  }

  @ParameterizedTest
  @MethodSource("servers")
  void whoeverLocksATableIsNamedAndNotWaitedFor(Bed bed) throws Exception {
    bed.run(
        "create table orders (id int primary key)",
        "create table lines (id int)",
        "insert into orders select generate_series(1, 10000)",
        "vacuum analyze orders");
    try (Connection holder = bed.connect()) {
      holder.setAutoCommit(false);
      Bed.execute(holder, "lock table orders in access exclusive mode");
      long began = System.nanoTime();
      TargetImpact impact =
          read(bed, List.of(ORDERS, new TableName("public", "lines")), "update orders set id = id");
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(3));
      TableImpact orders = impact.table(ORDERS).orElseThrow();
      assertThat(orders.size().measured()).isFalse();
      assertThat(orders.size().heap()).isGreaterThan(100_000);
      assertThat(orders.rows().count()).isEqualTo(10_000);
      assertThat(orders.indexes()).hasSize(1);
      assertThat(orders.unknown()).anyMatch(reason -> reason.contains("ACCESS EXCLUSIVE"));
      assertThat(orders.sessions())
          .singleElement()
          .satisfies(
              session -> {
                assertThat(session.application()).isEqualTo("somebody");
                assertThat(session.lock()).isEqualTo("AccessExclusiveLock");
                assertThat(session.transactionMs()).isNotNull();
              });
      assertThat(impact.server().oldestTransaction()).isNotNull();
      assertThat(impact.table(new TableName("public", "lines")).orElseThrow().size().measured())
          .isTrue();
      assertThat(impact.statements())
          .singleElement()
          .satisfies(s -> assertThat(s.unknown()).contains("holds a lock"));
    }
  }

  @ParameterizedTest
  @MethodSource("servers")
  void changesOfRowsArePlannedAndNotCarriedOut(Bed bed) throws Exception {
    bed.run(
        "create table orders (id int primary key, note text)",
        "insert into orders select i, 'secret' from generate_series(1, 10000) i",
        "analyze orders");
    TargetImpact impact =
        read(bed, List.of(ORDERS), "update orders set note = 'x' where note = 'secret'");
    StatementImpact update = impact.statement("V1__test.sql", 1).orElseThrow();
    assertThat(update.unknown()).isNull();
    assertThat(update.change())
        .satisfies(
            change -> {
              assertThat(change.operation()).isEqualTo("UPDATE");
              assertThat(change.table()).isEqualTo(ORDERS);
              assertThat(change.rows()).isEqualTo(10_000);
              assertThat(change.steps())
                  .extracting(StatementImpact.PlanStep::node)
                  .containsExactly("ModifyTable", "Seq Scan");
            });
    assertThat(JSON.writeValueAsString(impact)).doesNotContain("secret");
    try (Connection connection = bed.connect();
        var rows =
            connection
                .createStatement()
                .executeQuery("select count(*) from orders where note='x'")) {
      rows.next();
      assertThat(rows.getLong(1)).isZero();
    }
  }

  @Test
  void whatNeedsAnEarlierStatementIsUnknown() throws Exception {
    Bed bed = Bed.newest().run("create table orders (id int)");
    ScriptFacts facts =
        Facts.script(
            "V1__test.sql",
            Facts.of("ALTER TABLE")
                .column(null, Facts.column(ORDERS, "extra", "integer", false))
                .locks(ORDERS, LockMode.ACCESS_EXCLUSIVE),
            Facts.of("UPDATE").writes(ORDERS),
            Facts.of("INSERT").writesNew(new TableName("public", "fresh")));
    TargetImpact impact =
        ImpactReader.read(
            bed.target(),
            "test",
            List.of(
                Bed.script(
                    "V1__test.sql",
                    "alter table orders add extra int",
                    "update orders set extra = 1",
                    "insert into fresh values (1)")),
            List.of(facts),
            QUICK);
    assertThat(impact.statements())
        .extracting(StatementImpact::unknown)
        .containsExactly("it needs something that an earlier pending statement creates");
  }

  @Test
  void writesAreWatchedWhileOneLooks() throws Exception {
    Bed bed = Bed.newest().run("create table orders (id int)");
    TableImpact.Writes writes = table(bed, ORDERS).writes();
    assertThat(writes.perSecond()).isZero();
    assertThat(writes.sampledMs()).isPositive();
  }

  @Test
  void aLookLeavesNothingToDoForEmptyFacts() throws Exception {
    TargetImpact impact =
        ImpactReader.read(Bed.newest().target(), "test", List.of(), List.of(), QUICK);
    assertThat(impact.tables()).isEmpty();
    assertThat(impact.probes()).isEmpty();
    assertThat(impact.server().version()).isEqualTo(18);
    assertThat(impact.server().unknown()).anyMatch(each -> each.contains("pg_read_all_stats"));
  }

  private static final ObjectMapper JSON = new ObjectMapper().registerModule(new JavaTimeModule());

  private static TableImpact table(Bed bed, TableName name) throws Exception {
    return read(bed, List.of(name), "select 1").table(name).orElseThrow();
  }

  private static TargetImpact read(Bed bed, List<TableName> tables, String sql)
      throws SQLException, InterruptedException {
    Facts facts = Facts.of(sql.startsWith("update") ? "UPDATE" : "SELECT");
    tables.forEach(
        table -> {
          facts.locks(table, LockMode.ACCESS_EXCLUSIVE);
          if (sql.startsWith("update")) {
            facts.writes(table);
          }
        });
    return ImpactReader.read(
        bed.target(),
        "test",
        List.of(Bed.script("V1__test.sql", sql)),
        List.of(Facts.script("V1__test.sql", facts)),
        QUICK);
  }
}

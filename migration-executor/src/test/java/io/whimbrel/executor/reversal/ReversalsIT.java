package io.whimbrel.executor.reversal;

import static org.assertj.core.api.Assertions.assertThat;

import io.whimbrel.executor.backup.TestDatabase;
import io.whimbrel.executor.catalog.ConductorScripts;
import io.whimbrel.executor.reversal.ReversalCase.Block;
import io.whimbrel.executor.reversal.WayBack.Source;
import io.whimbrel.executor.reversal.WayBack.Verdict;
import io.whimbrel.local.EmbeddedPostgres;
import io.whimbrel.target.Login;
import io.whimbrel.target.RehearsalServer;
import io.whimbrel.target.Target;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReversalsIT {
  @TempDir Path directory;

  @Test
  void everyMigrationOfARealProjectHasAProvenWayBack() throws Exception {
    ReversalCase conductor = new ReversalCase(ConductorScripts.copyTo(directory));
    assertThat(conductor.ways(ReversalCase.ENOUGH))
        .isNotEmpty()
        .allSatisfy(way -> assertThat(way.verdict()).as(way.reason()).isEqualTo(Verdict.PROVEN));
  }

  @Test
  void theTargetStaysAsItIsAndNothingIsLeft() throws Exception {
    ReversalCase orders =
        ReversalCase.of(directory, List.of(up("ALTER TABLE orders ADD COLUMN note text")));
    orders.database.run(
        "CREATE TABLE orders (id int PRIMARY KEY)",
        "INSERT INTO orders VALUES (1)",
        "GRANT SELECT ON orders TO PUBLIC",
        "ALTER TABLE orders REPLICA IDENTITY FULL",
        "CREATE PUBLICATION all_orders FOR TABLE orders");

    assertThat(orders.ways(ReversalCase.ENOUGH)).singleElement().matches(WayBack::proven);

    assertThat(orders.database.rows("SELECT * FROM orders")).containsExactly("1");
    assertThat(
            orders.database.rows(
                "SELECT d.datname FROM pg_database d JOIN pg_roles r ON r.oid = d.datdba"
                    + " WHERE r.rolname = current_user"))
        .containsExactly(orders.database.name());
  }

  @Test
  void whatDoesNotFitTheTimeIsNotLookedAt() throws Exception {
    ReversalCase orders = ReversalCase.of(directory, List.of(up("CREATE TABLE orders (id int)")));
    assertThat(orders.ways(new Budget(Duration.ZERO, 24)))
        .singleElement()
        .satisfies(
            way -> {
              assertThat(way.verdict()).isEqualTo(Verdict.NOT_LOOKED_AT);
              assertThat(way.reason()).contains("the time for it");
            });
  }

  @Test
  void aRoleIsNotMadeOnTheServer() throws Exception {
    ReversalCase orders =
        ReversalCase.of(
            directory, List.of(up("CREATE ROLE of_a_proof"), up("CREATE TABLE orders (id int)")));
    orders.database.asSuperuser("ALTER ROLE " + orders.database.owner() + " CREATEROLE");

    List<WayBack> ways = orders.ways(ReversalCase.ENOUGH);

    assertThat(ways.get(0).verdict()).isEqualTo(Verdict.NOT_LOOKED_AT);
    assertThat(ways.get(0).reason()).contains("share");
    assertThat(ways.get(1).proven()).isTrue();
    assertThat(orders.database.rows("SELECT rolname FROM pg_roles WHERE rolname = 'of_a_proof'"))
        .isEmpty();
  }

  @Test
  void statementsOutsideTransactionsAreTakenBackToo() throws Exception {
    ReversalCase orders =
        ReversalCase.of(
            directory,
            List.of(
                up("CREATE TABLE orders (id int, at date)"),
                up("CREATE INDEX CONCURRENTLY orders_at ON orders (at)"),
                new Block(
                    "x",
                    "",
                    "CREATE INDEX CONCURRENTLY orders_id ON orders (id)",
                    "DROP INDEX CONCURRENTLY orders_id"),
                up("DROP INDEX CONCURRENTLY orders_at")));
    List<WayBack> ways = orders.ways(ReversalCase.ENOUGH);
    assertThat(ways).allSatisfy(way -> assertThat(way.proven()).as(way.reason()).isTrue());
    assertThat(ways.get(2).source()).isEqualTo(Source.UNDO_SCRIPT);
  }

  @Test
  void aDroppedColumnIsNamedAsLost() throws Exception {
    ReversalCase orders =
        ReversalCase.of(directory, List.of(up("ALTER TABLE orders DROP COLUMN note")));
    orders.database.run("CREATE TABLE orders (id int PRIMARY KEY, note text)");
    assertThat(orders.ways(ReversalCase.ENOUGH))
        .singleElement()
        .satisfies(
            way -> {
              assertThat(way.verdict()).isEqualTo(Verdict.LOSES_DATA);
              assertThat(way.losses()).extracting(Loss::name).containsExactly("public.orders.note");
              assertThat(way.sql()).contains("ADD COLUMN note text");
            });
  }

  @Test
  void aRoleThatMayMakeNoDatabaseIsToldSo() throws Exception {
    ReversalCase orders = ReversalCase.of(directory, List.of(up("CREATE TABLE orders (id int)")));
    TestDatabase database = orders.database;
    database.asSuperuser("ALTER ROLE " + database.owner() + " NOCREATEDB");
    assertThat(orders.ways(ReversalCase.ENOUGH))
        .singleElement()
        .satisfies(way -> assertThat(way.reason()).contains("grant it CREATEDB"));

    TestDatabase elsewhere = TestDatabase.create();
    database.run("CREATE TABLE shops (id int PRIMARY KEY)");
    Target there = orders.target().with(server(elsewhere.url(), elsewhere.owner()));
    assertThat(orders.ways(there, ReversalCase.ENOUGH)).singleElement().matches(WayBack::proven);
    assertThat(
            elsewhere.rows(
                "SELECT d.datname FROM pg_database d JOIN pg_roles r ON r.oid = d.datdba"
                    + " WHERE r.rolname = current_user"))
        .containsExactly(elsewhere.name());

    Target older =
        orders.target().with(server(EmbeddedPostgres.sharedOldest().url("postgres"), "postgres"));
    assertThat(orders.ways(older, ReversalCase.ENOUGH))
        .singleElement()
        .satisfies(
            way ->
                assertThat(way.reason())
                    .contains("the rehearsal server has PostgreSQL 15 and the target 18"));
  }

  @Test
  void onAServerWithOtherRolesOnlyWhoOwnsAndUsesATableIsNotProven() throws Exception {
    ReversalCase orders =
        ReversalCase.of(
            directory,
            List.of(
                up("ALTER TABLE orders ADD COLUMN note text"),
                up("CREATE INDEX orders_note ON orders (note)"),
                up("GRANT SELECT ON orders TO PUBLIC"),
                up("DROP INDEX orders_note")));
    orders.database.run("CREATE TABLE orders (id int PRIMARY KEY)");
    TestDatabase elsewhere = TestDatabase.create();

    List<WayBack> ways =
        orders.ways(
            orders.target().with(server(elsewhere.url(), elsewhere.owner())), ReversalCase.ENOUGH);

    assertThat(ways)
        .extracting(WayBack::verdict)
        .containsExactly(Verdict.PROVEN, Verdict.PROVEN, Verdict.NOT_PROVEN, Verdict.PROVEN);
    assertThat(ways.get(2).reason())
        .endsWith("could not be made like the target in table public.orders");
  }

  private static RehearsalServer server(String url, String user) {
    return new RehearsalServer(url, Login.of(user));
  }

  private static Block up(String sql) {
    return new Block("x", "", sql, "");
  }
}

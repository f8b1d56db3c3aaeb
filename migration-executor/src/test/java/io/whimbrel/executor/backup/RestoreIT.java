package io.whimbrel.executor.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.whimbrel.event.TableName;
import io.whimbrel.executor.schema.SchemaDiff;
import io.whimbrel.executor.schema.SchemaSnapshot;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestoreIT {
  private static final List<String> SCHEMAS = List.of("public");

  @TempDir Path directory;
  TestDatabase shop;

  @BeforeEach
  void open() throws SQLException {
    shop = Shop.open();
  }

  @Test
  void contentsAreEqualToBefore() throws Exception {
    givesBack(
        List.of("users", "orders"),
        "UPDATE users SET name = 'x', data = NULL",
        "DELETE FROM orders WHERE id > 50",
        "INSERT INTO users (name) VALUES ('new')");
  }

  @Test
  void renamedColumnsComeBackWithTheirContents() throws Exception {
    givesBack(
        List.of("users"),
        "ALTER TABLE users RENAME COLUMN email TO mail",
        "ALTER TABLE users RENAME COLUMN name TO full_name");
  }

  @Test
  void droppedColumnsComeBackInTheirPlace() throws Exception {
    givesBack(
        List.of("users", "orders"),
        "ALTER TABLE users DROP COLUMN tags",
        "ALTER TABLE users ADD COLUMN tags2 text NOT NULL DEFAULT 'q'",
        "ALTER TABLE users DROP COLUMN loud_name");
  }

  @Test
  void droppedTablesComeBackWithWhatDependedOnThem() throws Exception {
    givesBack(List.of("users", "orders", "notes"), "DROP TABLE users, orders CASCADE");
  }

  @Test
  void renamedTablesComeBack() throws Exception {
    givesBack(List.of("users"), "ALTER TABLE users RENAME TO people");
  }

  @Test
  void newTablesAreDropped() throws Exception {
    givesBack(
        List.of("users"),
        "CREATE TABLE addresses (id serial PRIMARY KEY, user_id bigint REFERENCES users (id))",
        "INSERT INTO addresses (user_id) SELECT id FROM users",
        "CREATE VIEW with_address AS SELECT a.* FROM users JOIN addresses a ON user_id = users.id");
  }

  @Test
  void partitionedTablesComeBack() throws Exception {
    givesBack(
        List.of("events"),
        "UPDATE events SET what = 'x'",
        "ALTER TABLE events ADD COLUMN more int",
        "DROP TABLE events_rest",
        "CREATE TABLE events_2026 PARTITION OF events "
            + "FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')");
  }

  @Test
  void functionsAndViewsComeBack() throws Exception {
    shop.run(
        "CREATE FUNCTION next(x int) RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT x + 1; END",
        "CREATE FUNCTION double(x int) RETURNS int LANGUAGE sql AS 'SELECT x * 2'");
    givesBack(
        List.of("users"),
        "CREATE OR REPLACE FUNCTION next(x int) RETURNS int LANGUAGE sql"
            + " BEGIN ATOMIC SELECT x + 2; END",
        "DROP FUNCTION double",
        "DROP VIEW spending",
        "CREATE FUNCTION third(x int) RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT x; END");
    assertThat(shop.rows("SELECT next(1), double(4)")).containsExactly("2|8");
  }

  @Test
  void writesByOthersBetweenTwoScriptsAreNotOverwritten() throws Exception {
    Applied first = apply(List.of("users"), "UPDATE users SET name = 'x'");
    shop.run("INSERT INTO users (name) VALUES ('by another')");
    Applied second = applyAfter(first.backup(), List.of("users"), "UPDATE users SET name = 'y'");
    var both = new ArrayList<>(first.recorded());
    both.addAll(second.recorded());
    assertThatThrownBy(() -> restore(new Applied(first.backup(), both, first.dumps()), false))
        .isInstanceOf(WrittenByOthers.class)
        .hasMessageContaining("others wrote to public.users between two scripts of the run");
  }

  @Test
  void changedTypesComeBack() throws Exception {
    givesBack(
        List.of("users", "orders"),
        "ALTER TYPE mood ADD VALUE 'sad' BEFORE 'calm'",
        "DROP VIEW spending",
        "DROP INDEX orders_by_amount",
        "ALTER TABLE orders DROP CONSTRAINT orders_amount_check",
        "ALTER TABLE orders ALTER COLUMN amount TYPE text");
  }

  @Test
  void indexesConstraintsAndTriggersComeBack() throws Exception {
    givesBack(
        List.of("users", "orders", "notes"),
        "DROP INDEX orders_by_amount",
        "DROP TRIGGER on_order ON orders",
        "ALTER TABLE notes DROP CONSTRAINT notes_order_id_fkey",
        "ALTER TABLE users DROP CONSTRAINT users_email_key");
  }

  /** An owner who is under row security himself could neither see nor load the rows. */
  @Test
  void forcedRowSecurityIsTakenBack() throws Exception {
    givesBack(
        List.of("users"),
        "ALTER TABLE users ENABLE ROW LEVEL SECURITY",
        "ALTER TABLE users FORCE ROW LEVEL SECURITY",
        "CREATE POLICY mine ON users USING (id < 10)",
        "UPDATE users SET name = 'x'",
        "CREATE TABLE hidden AS SELECT * FROM orders",
        "ALTER TABLE hidden ENABLE ROW LEVEL SECURITY",
        "ALTER TABLE hidden FORCE ROW LEVEL SECURITY");
  }

  @Test
  void triggersDoNotFireAndKeepTheirMode() throws Exception {
    shop.run("ALTER TABLE orders ENABLE ALWAYS TRIGGER on_order");
    givesBack(List.of("orders"), "DELETE FROM orders WHERE id < 10 AND id > 5000");
    assertThat(shop.rows("SELECT line FROM log")).containsExactly("DELETE");
    assertThat(shop.rows("SELECT tgenabled FROM pg_trigger WHERE tgname = 'on_order'"))
        .containsExactly("A");
  }

  @Test
  void rowsThatViolateUnvalidatedConstraintsComeBack() throws Exception {
    shop.run("ALTER TABLE users ADD CONSTRAINT short CHECK (length(name) < 8) NOT VALID");
    givesBack(List.of("users"), "UPDATE users SET name = 'y'");
  }

  @Test
  void sequencesOnlyMoveOn() throws Exception {
    givesBack(List.of("orders"), "INSERT INTO orders (user_id, amount) VALUES (1, 1)");
    assertThat(shop.rows("SELECT last_value FROM orders_id_seq")).containsExactly("2001");
    shop.run("INSERT INTO orders (user_id, amount) VALUES (1, 1)");
    assertThat(shop.rows("SELECT max(id) FROM orders")).containsExactly("2002");
  }

  @Test
  void sequencesOfTablesMadeAnewAreNotBehind() throws Exception {
    givesBack(List.of("orders", "notes"), "DROP TABLE orders CASCADE");
    shop.run("INSERT INTO orders (user_id, amount) VALUES (1, 1)");
    assertThat(shop.rows("SELECT max(id) FROM orders")).containsExactly("2001");
  }

  @Test
  void writesByOthersSinceTheRunAreNotOverwritten() throws Exception {
    Applied run = apply(List.of("users"), "UPDATE users SET name = 'x'");
    shop.run("INSERT INTO users (name) VALUES ('by another')");
    List<String> now = Shop.dump(shop, "users");

    assertThatThrownBy(() -> restore(run, false))
        .isInstanceOfSatisfying(
            WrittenByOthers.class,
            e ->
                assertThat(e.evidence())
                    .isEqualTo(
                        new WriteEvidence.ByOthers(
                            List.of(new WriteEvidence.Written(Shop.table("users"), 500, 501)),
                            "others wrote to public.users since the run")));
    assertThat(Shop.dump(shop, "users")).isEqualTo(now);

    restore(run, true);
    assertThat(Shop.dump(shop, "users")).isEqualTo(run.dumps().get("users"));
  }

  @Test
  void writesByOthersIntoNewTablesAreNotOverwritten() throws Exception {
    Applied run = apply(List.of("users"), "CREATE TABLE fresh (id int)");
    shop.run("INSERT INTO fresh VALUES (1)");
    assertThatThrownBy(() -> restore(run, false))
        .isInstanceOf(WrittenByOthers.class)
        .hasMessageContaining("public.fresh");
  }

  @Test
  void writesBetweenBackupAndRunAreNotOverwritten() throws Exception {
    Backup backup = backup("users");
    shop.run("INSERT INTO users (name) VALUES ('in between')");
    Applied run = applyAfter(backup, List.of("users"), "UPDATE users SET name = 'x'");
    assertThatThrownBy(() -> restore(run, false))
        .isInstanceOf(WrittenByOthers.class)
        .hasMessageContaining("between the backup and the run");
  }

  @Test
  void aRunOfSeveralTransactionsCannotExcludeOthers() throws Exception {
    Applied run = apply(List.of("users"), "UPDATE users SET name = 'x'");
    var unrecorded = new Applied(run.backup(), List.of(), run.dumps());
    assertThatThrownBy(() -> restore(unrecorded, false))
        .isInstanceOfSatisfying(
            WrittenByOthers.class,
            e -> assertThat(e.evidence()).isInstanceOf(WriteEvidence.Unknown.class));
  }

  @Test
  void aFailureLeavesTheTargetAsItWas() throws Exception {
    Applied run = apply(List.of("orders"), "DELETE FROM notes", "DELETE FROM orders");
    // A row that no order answers to any more, once the orders are back to what they were.
    shop.run(
        "CREATE TABLE late (order_id int REFERENCES orders (id) DEFERRABLE)",
        "INSERT INTO orders (id, user_id, amount) VALUES (9999, 1, 1)",
        "INSERT INTO late VALUES (9999)");
    List<String> orders = Shop.dump(shop, "orders");
    assertThatThrownBy(() -> restore(run, true)).isInstanceOf(SQLException.class);
    assertThat(Shop.dump(shop, "orders")).isEqualTo(orders);
    assertThat(shop.rows("SELECT count(*) FROM late")).containsExactly("1");
  }

  @Test
  void aBlockedTableIsALockTimeout() throws Exception {
    Applied run = apply(List.of("users"), "UPDATE users SET name = 'x'");
    try (Connection blocker = shop.open()) {
      blocker.setAutoCommit(false);
      TestDatabase.execute(blocker, "SELECT * FROM users LIMIT 1");
      assertThatThrownBy(() -> restore(run, false))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("55P03"));
    }
  }

  /** What a run leaves behind to take it back by. */
  private record Applied(Backup backup, List<Recorded> recorded, Map<String, List<String>> dumps) {}

  /** Runs the script on the tables, restores, and compares everything with before. */
  private void givesBack(List<String> tables, String... script) throws Exception {
    SchemaSnapshot structure = structure();
    List<String> views = shop.rows("SELECT * FROM spending ORDER BY id");
    List<String> totals = shop.rows("SELECT * FROM totals");
    Applied run = apply(tables, script);
    RestoreReport report = restore(run, false);
    for (String table : tables) {
      assertThat(Shop.dump(shop, table)).as(table).isEqualTo(run.dumps().get(table));
    }
    assertThat(report.evidence()).isInstanceOf(WriteEvidence.OnlyTheRun.class);
    assertThat(SchemaDiff.script(structure(), structure)).isEmpty();
    assertThat(shop.rows("SELECT * FROM spending ORDER BY id")).isEqualTo(views);
    assertThat(shop.rows("SELECT * FROM totals")).isEqualTo(totals);
    assertThat(Shop.dump(shop, "notes")).hasSize(50);
  }

  private Backup backup(String... tables) throws Exception {
    Backup backup =
        new BackupWriter()
            .write(Shop.request(shop, directory.resolve("backup"), tables), progress -> {});
    new BackupVerifier()
        .verify(backup.place(), backup.manifestSha256(), backup.manifest().identity());
    return backup;
  }

  private Applied apply(List<String> tables, String... script) throws Exception {
    return applyAfter(backup(tables.toArray(String[]::new)), tables, script);
  }

  private Applied applyAfter(Backup backup, List<String> tables, String... script)
      throws Exception {
    var dumps = new TreeMap<String, List<String>>();
    for (String table : tables) {
      dumps.put(table, Shop.dump(shop, table));
    }
    List<TableName> touched = tables.stream().map(Shop::table).toList();
    try (Connection connection = shop.open()) {
      connection.setAutoCommit(false);
      ContentFingerprint.excludeWriters(connection, touched, Shop.LOCK_TIMEOUT);
      ContentState before = ContentFingerprint.take(connection, SCHEMAS, touched, null);
      TestDatabase.execute(connection, script);
      ContentState after = ContentFingerprint.take(connection, SCHEMAS, touched, before);
      connection.commit();
      return new Applied(backup, List.of(new Recorded(before, after)), dumps);
    }
  }

  private static RestoreRequest request(Applied run, boolean acceptDataLoss) {
    return new RestoreRequest(
        run.backup().place(),
        run.backup().manifestSha256(),
        SCHEMAS,
        List.of(),
        run.recorded(),
        acceptDataLoss,
        Shop.LOCK_TIMEOUT);
  }

  private RestoreReport restore(Applied run, boolean acceptDataLoss) throws Exception {
    try (Connection connection = shop.open()) {
      String settings = settings(connection);
      connection.setAutoCommit(false);
      try {
        RestoreReport report = new Restore().run(request(run, acceptDataLoss), connection);
        connection.commit();
        return report;
      } finally {
        connection.rollback();
        assertThat(settings(connection)).isEqualTo(settings);
      }
    }
  }

  private static String settings(Connection connection) throws SQLException {
    return TestDatabase.rows(
            connection,
            "SELECT string_agg(name || '=' || setting, ' ' ORDER BY name) FROM pg_settings"
                + " WHERE name <> 'transaction_isolation'")
        .get(0);
  }

  private SchemaSnapshot structure() throws Exception {
    try (Connection connection = shop.open()) {
      return SchemaSnapshot.load(connection, SchemaSnapshot.Rights.KEPT);
    }
  }
}

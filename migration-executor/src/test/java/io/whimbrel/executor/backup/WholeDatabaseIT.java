package io.whimbrel.executor.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.whimbrel.event.BackupScope;
import io.whimbrel.event.TableName;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WholeDatabaseIT {
  private static final List<String> SCHEMAS = List.of("public");

  @TempDir Path directory;
  private TestDatabase shop;

  @BeforeEach
  void open() throws SQLException {
    shop = Shop.open();
    shop.run(
        "CREATE SCHEMA archive",
        "CREATE TABLE archive.old (id bigserial PRIMARY KEY, user_id bigint REFERENCES users (id))",
        "INSERT INTO archive.old (user_id) SELECT i FROM generate_series(1, 20) i",
        "CREATE SCHEMA whimbrel",
        "CREATE TABLE whimbrel.fence (target text PRIMARY KEY, token bigint NOT NULL DEFAULT 7)",
        "INSERT INTO whimbrel.fence VALUES ('shop')",
        "CREATE TABLE flyway_schema_history (installed_rank int CONSTRAINT history_pk PRIMARY KEY,"
            + " version varchar(50), success boolean NOT NULL, \"odd Name\" text DEFAULT 'x''y')",
        "CREATE INDEX flyway_schema_history_s_idx ON flyway_schema_history (success)",
        "INSERT INTO flyway_schema_history VALUES (1, '1', true)");
  }

  @Test
  void holdsEveryTableWhateverTheRunTouches() throws Exception {
    var progress = new ConcurrentLinkedQueue<BackupListener.Progress>();
    Backup backup = new BackupWriter().write(request("notes"), progress::add);
    BackupManifest manifest = verify(backup);
    assertThat(manifest.tables())
        .extracting(table -> table.name() + " " + table.rows())
        .contains("archive.old 20", "whimbrel.fence 1", "public.flyway_schema_history 1")
        .contains("public.users 500", "public.orders 2000", "public.notes 50")
        .hasSize(10);
    assertThat(manifest.sequences())
        .contains(new BackupManifest.Sequence(new TableName("archive", "old_id_seq"), 20, true, 1));
    assertThat(progress).extracting(BackupListener.Progress::of).containsOnly(10);
    assertThat(manifest.ofTheRun().tableNames()).containsExactly(Shop.table("notes"));
    assertThat(manifest.ofTheRun().constraints())
        .extracting(BackupManifest.Constraint::name)
        .containsExactly("notes_order_id_fkey");
  }

  @Test
  void psqlMakesTheDatabaseAnew() throws Exception {
    Backup backup = new BackupWriter().write(request("notes"), progress -> {});
    TestDatabase copy = TestDatabase.create();
    PsqlReplay.run(copy, Shop.path(backup).resolve(BackupFiles.SCHEMA));
    PsqlReplay.run(copy, Shop.path(backup).resolve(BackupFiles.RESTORE));
    isTheSame(copy);
    // And over one that is there.
    copy.asSuperuser("DELETE FROM flyway_schema_history", "UPDATE archive.old SET user_id = NULL");
    PsqlReplay.run(copy, Shop.path(backup).resolve(BackupFiles.RESTORE));
    isTheSame(copy);
  }

  private void isTheSame(TestDatabase copy) throws SQLException {
    for (String query :
        List.of(
            "SELECT * FROM users ORDER BY id",
            "SELECT * FROM orders ORDER BY id",
            "SELECT * FROM notes ORDER BY 1, 2",
            "SELECT * FROM archive.old ORDER BY id",
            "SELECT * FROM whimbrel.fence",
            "SELECT * FROM flyway_schema_history",
            "SELECT * FROM totals",
            "SELECT last_value FROM archive.old_id_seq",
            "SELECT indexdef FROM pg_indexes WHERE tablename ~ 'flyway|fence' ORDER BY 1",
            "SELECT tableowner FROM pg_tables WHERE tablename ~ 'flyway|fence'",
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'f'"
                + " ORDER BY 1")) {
      assertThat(superusersRows(copy, query)).as(query).isEqualTo(shop.rows(query));
    }
  }

  private static List<String> superusersRows(TestDatabase database, String query)
      throws SQLException {
    try (Connection connection = database.openAsSuperuser()) {
      return TestDatabase.rows(connection, query);
    }
  }

  @Test
  void aRollbackRestoresWhatTheRunTouchedAndLeavesOthersAlone() throws Exception {
    Backup backup = new BackupWriter().write(request("notes"), progress -> {});
    List<String> notes = Shop.dump(shop, "notes");
    List<TableName> touched = List.of(Shop.table("notes"));
    try (Connection connection = shop.open()) {
      connection.setAutoCommit(false);
      ContentState before = ContentFingerprint.take(connection, SCHEMAS, touched, null);
      TestDatabase.execute(connection, "ALTER TABLE notes DROP COLUMN note");
      ContentState after = ContentFingerprint.take(connection, SCHEMAS, touched, before);
      connection.commit();
      shop.run("UPDATE users SET name = 'of others'", "DELETE FROM archive.old");
      RestoreReport report =
          new Restore()
              .run(
                  new RestoreRequest(
                      backup.place(),
                      backup.manifestSha256(),
                      SCHEMAS,
                      List.of(),
                      List.of(new Recorded(before, after)),
                      false,
                      Shop.LOCK_TIMEOUT),
                  connection);
      connection.commit();
      assertThat(report.tables()).containsExactly(Shop.table("notes"));
    }
    assertThat(Shop.dump(shop, "notes")).isEqualTo(notes);
    assertThat(shop.rows("SELECT DISTINCT name FROM users")).containsExactly("of others");
    assertThat(shop.rows("SELECT count(*) FROM archive.old")).containsExactly("0");
  }

  @Test
  void aTableThatComesJustBeforeTheSnapshotIsHeldToo() throws Exception {
    var opened = new int[1];
    BackupRequest request = request("notes");
    var racing =
        new BackupRequest(
            request.target(),
            () -> {
              Connection connection = shop.open();
              // The first connection is the one that looks for tables and then locks them.
              return opened[0]++ == 0 ? RacingConnection.of(connection, this::late) : connection;
            },
            request.scope(),
            request.tables(),
            request.schemas(),
            request.runId(),
            request.place(),
            request.lockTimeout());
    BackupManifest manifest = verify(new BackupWriter().write(racing, progress -> {}));
    assertThat(manifest.tableNames()).contains(Shop.table("late"));
  }

  private void late() {
    try {
      shop.run("CREATE TABLE late AS SELECT 1 AS i");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static BackupManifest verify(Backup backup) throws BackupInvalid {
    return new BackupVerifier()
        .verify(backup.place(), backup.manifestSha256(), backup.manifest().identity());
  }

  private BackupRequest request(String... tables) {
    return Shop.request(shop, directory.resolve("backup"), tables).of(BackupScope.DATABASE);
  }
}

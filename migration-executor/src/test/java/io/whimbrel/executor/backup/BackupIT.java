package io.whimbrel.executor.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupIT {
  private static TestDatabase shop;

  @TempDir Path directory;

  @BeforeAll
  static void open() throws SQLException {
    shop = Shop.open();
  }

  @Test
  void holdsEveryTableOfOneSnapshot() throws Exception {
    Backup backup = write("users", "orders", "events");
    BackupManifest manifest = verify(backup);
    assertThat(manifest.tables())
        .extracting(table -> table.name().name() + " " + table.rows())
        .containsExactly(
            "events 0", "events_2025 30", "events_rest 30", "orders 2000", "users 500");
    assertThat(manifest.sequences())
        .filteredOn(sequence -> sequence.name().equals(Shop.table("orders_id_seq")))
        .containsExactly(new BackupManifest.Sequence(Shop.table("orders_id_seq"), 2000, true, 1));
    assertThat(manifest.constraints())
        .extracting(BackupManifest.Constraint::name)
        .containsExactly("notes_order_id_fkey", "orders_user_id_fkey");
    assertThat(manifest.lsn()).contains("/");
    assertThat(backup.rows()).isEqualTo(2560);
  }

  @Test
  void readsOneMomentWhileOthersWrite() throws Exception {
    var request = Shop.request(shop, directory.resolve("backup"), "log", "notes");
    var writing = new ArrayList<SQLException>();
    BackupListener writer =
        progress -> {
          try {
            shop.run("INSERT INTO log VALUES ('later')", "INSERT INTO notes VALUES (1, 'later')");
          } catch (SQLException e) {
            writing.add(e);
          }
        };
    BackupManifest manifest = verify(new BackupWriter().write(request, writer));
    assertThat(writing).isEmpty();
    assertThat(manifest.tables()).extracting(table -> table.rows()).containsExactly(0L, 50L);
    shop.run("DELETE FROM notes WHERE note = 'later'", "DELETE FROM log");
  }

  @Test
  void onlyItsOwnerCanReadIt() throws Exception {
    Backup backup = write("users");
    assertThat(rights(Shop.path(backup))).isEqualTo("rwx------");
    try (Stream<Path> files = Files.list(Shop.path(backup))) {
      assertThat(files).allSatisfy(file -> assertThat(rights(file)).isEqualTo("rw-------"));
    }
  }

  @Test
  void holdsNoLockAfterwards() throws Exception {
    write("users", "orders");
    assertThat(
            shop.rows(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                    + " AND pid <> pg_backend_pid() AND state <> 'idle'"))
        .containsExactly("0");
  }

  @Test
  void anotherBackupOfTheSameRunReplacesIt() throws Exception {
    Path partial = BackupFiles.partial(directory.resolve("backup"));
    BackupFiles.createDirectory(partial);
    Files.writeString(partial.resolve("1.copy.zst"), "left behind by a crash");
    Backup first = write("users");
    Backup second = write("users");
    assertThat(second.place()).isEqualTo(first.place());
    verify(second);
    assertThat(partial).doesNotExist();
  }

  @Test
  void aTableThatIsGoneIsNamed() {
    fails(BackupFailed.Reason.TABLE_GONE, "public.nothing", () -> write("users", "nothing"));
  }

  @Test
  void aLockedTableIsNotWaitedForLong() throws Exception {
    try (Connection blocker = shop.open()) {
      blocker.setAutoCommit(false);
      TestDatabase.execute(blocker, "LOCK TABLE users IN ACCESS EXCLUSIVE MODE");
      fails(BackupFailed.Reason.LOCKED, "lock timeout", () -> write("users"));
    }
  }

  @Test
  void aFullDiskLeavesNothing() {
    fails(
        BackupFailed.Reason.STORAGE,
        "No space left on device",
        () -> new BackupWriter().write(onDiskWith(1000, Long.MAX_VALUE), progress -> {}));
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void withoutRoomItDoesNotBegin() {
    fails(
        BackupFailed.Reason.STORAGE,
        "1000 are free",
        () -> new BackupWriter().write(onDiskWith(Long.MAX_VALUE, 1000), progress -> {}));
    assertThat(directory).isEmptyDirectory();
  }

  private BackupRequest onDiskWith(long bytesPerFile, long saidToBeFree) {
    BackupRequest request = Shop.request(shop, directory.resolve("backup"), "users", "orders");
    return request.at(new SmallDisk(request.place(), bytesPerFile, saidToBeFree));
  }

  @Test
  void everyTableThatMayNotBeReadIsNamed() throws Exception {
    shop.run("REVOKE SELECT ON users, orders FROM CURRENT_USER");
    fails(
        BackupFailed.Reason.RIGHTS,
        "may not read public.orders, public.users; grant it SELECT on them",
        () -> write("users", "orders", "notes"));
    shop.run("GRANT SELECT ON users, orders TO CURRENT_USER");
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void everyTableThatHidesRowsIsNamed() throws Exception {
    shop.run(
        "ALTER TABLE users ENABLE ROW LEVEL SECURITY",
        "ALTER TABLE users FORCE ROW LEVEL SECURITY",
        "ALTER TABLE orders ENABLE ROW LEVEL SECURITY");
    fails(
        BackupFailed.Reason.RIGHTS,
        "row security may hide rows of public.users from the role",
        () -> write("users", "orders", "notes"));
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void cancellingLeavesNothing() {
    var request = Shop.request(shop, directory.resolve("backup"), "users", "orders");
    BackupListener cancelling =
        progress -> {
          throw new IllegalStateException("cancelled by the user");
        };
    fails(
        BackupFailed.Reason.CANCELLED,
        "cancelled by the user",
        () -> new BackupWriter().write(request, cancelling));
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void restoresWithoutWhimbrel() throws Exception {
    TestDatabase copy = TestDatabase.create();
    Backup backup = write("users", "orders", "notes", "events");
    // What psql does, as there is none here: the statements in order, and COPY for \copy.
    PsqlReplay.run(copy, Shop.path(backup).resolve(BackupFiles.SCHEMA));
    PsqlReplay.run(copy, Shop.path(backup).resolve(BackupFiles.RESTORE));
    copy.asSuperuser("GRANT " + shop.owner() + " TO " + copy.owner());
    for (String table : List.of("users", "orders", "notes", "events")) {
      assertThat(Shop.dump(copy, table)).as(table).isEqualTo(Shop.dump(shop, table));
    }
    assertThat(copy.rows("SELECT last_value FROM orders_id_seq")).containsExactly("2000");
    assertThat(copy.rows("SELECT count(*) FROM log")).containsExactly("0");
  }

  private Backup write(String... tables) throws BackupFailed {
    return new BackupWriter()
        .write(Shop.request(shop, directory.resolve("backup"), tables), progress -> {});
  }

  private static BackupManifest verify(Backup backup) throws BackupInvalid {
    return new BackupVerifier()
        .verify(backup.place(), backup.manifestSha256(), backup.manifest().identity());
  }

  private static void fails(BackupFailed.Reason reason, String message, ThrowingCallable write) {
    assertThatThrownBy(write)
        .hasMessageContaining(message)
        .isInstanceOfSatisfying(BackupFailed.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }

  private static String rights(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}

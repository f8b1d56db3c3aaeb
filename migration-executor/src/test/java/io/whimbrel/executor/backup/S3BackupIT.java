package io.whimbrel.executor.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.whimbrel.event.BackupScope;
import io.whimbrel.executor.backup.BackupInvalid.Reason;
import io.whimbrel.executor.backup.s3.EmbeddedS3;
import io.whimbrel.executor.backup.s3.S3Store;
import java.io.OutputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Backups in a bucket: as good as those in a directory, and refused as clearly. */
class S3BackupIT {
  private static EmbeddedS3 s3;
  private static TestDatabase shop;

  private final String name = "shop/" + UUID.randomUUID();
  private final String prefix = "of-tests/" + name + "/";
  private S3Store store;

  @BeforeAll
  static void start() throws SQLException {
    s3 = EmbeddedS3.start();
    shop = Shop.open();
    // What does not compress is more than two parts.
    shop.run(
        "CREATE TABLE photos (id int PRIMARY KEY, photo bytea)",
        """
        INSERT INTO photos SELECT i, (
          SELECT string_agg(sha512((i * 1000 + j)::text::bytea), '') FROM generate_series(1, 50) j)
        FROM generate_series(1, 4000) i
        """);
  }

  @AfterAll
  static void stop() throws SQLException {
    s3.close();
    shop.drop();
  }

  @BeforeEach
  void open() {
    store = s3.store();
  }

  @Test
  void aRestoreGivesBackWhatTheBackupSaw() throws Exception {
    Trial trial =
        Trial.of(
            shop,
            List.of("public"),
            List.of(Shop.table("users"), Shop.table("photos")),
            store.place(name));
    assertThat(trial.backup().bytes()).isGreaterThan(11_000_000);
    assertThat(s3.uploads()).isZero();
    assertThat(store.targets()).contains("shop");
    assertThat(store.names("shop")).contains(name);

    Recorded rows =
        trial.damage(
            List.of("DELETE FROM photos WHERE id % 3 = 0", "UPDATE users SET name = 'x'"), false);
    assertThat(trial.isDamaged()).isTrue();
    trial.restore(rows);
    trial.isAsBefore();

    Recorded structure = trial.damage(List.of("ALTER TABLE photos DROP photo"), false);
    trial.restore(structure);
    trial.isAsBefore();
  }

  @Test
  void itIsLoadedForACheck() throws Exception {
    Backup backup = write();
    TestDatabase scratch = TestDatabase.create();
    try (Connection connection = scratch.open()) {
      new BackupVerifier().load(backup.place(), verify(backup), connection);
    } finally {
      scratch.drop();
    }
  }

  @Test
  void whatIsNotAsItWasWrittenIsRefused() throws Exception {
    Backup backup = write();
    String file = prefix + "1.copy.zst";
    byte[] bytes = s3.get(file);

    byte[] flipped = bytes.clone();
    flipped[flipped.length / 2] ^= 1;
    s3.put(file, flipped);
    refused(backup, Reason.CHANGED, "1.copy.zst is not the file that was written");
    s3.put(file, Arrays.copyOf(bytes, bytes.length - 1));
    refused(backup, Reason.CHANGED, "in s3://" + s3.bucket() + "/" + prefix);
    s3.delete(file);
    refused(backup, Reason.MISSING, "1.copy.zst is missing in s3://" + s3.bucket());
    s3.put(file, bytes);
    s3.put(prefix + "more.sql", bytes);
    refused(backup, Reason.UNKNOWN_FILE, "more.sql does not belong");
    s3.delete(prefix + "more.sql");
    verify(backup);
    s3.delete(prefix + BackupFiles.MANIFEST);
    refused(backup, Reason.MISSING, "there is no backup in s3://" + s3.bucket());
  }

  @Test
  void anUploadThatWasInterruptedIsFoundAndGoes() throws Exception {
    OutputStream file = store.place(name).begin().create("1.copy.zst");
    file.write(new byte[6 << 20]);
    assertThat(s3.uploads()).isEqualTo(1);
    assertThat(store.targets()).contains("shop");
    assertThat(store.names("shop")).contains(name);
    assertThatThrownBy(() -> new BackupVerifier().verify(store.place(name), null, null))
        .hasMessageContaining("there is no backup in");

    store.place(name).remove();

    assertThat(s3.uploads()).isZero();
    assertThat(store.names("shop")).doesNotContain(name);
    assertThatThrownBy(file::close).hasMessageContaining("its upload was aborted");
    assertThat(s3.keys()).noneMatch(key -> key.startsWith(prefix));
  }

  @Test
  void aBackupThatFailsLeavesNothing() {
    BackupListener cutting =
        progress -> {
          try {
            shop.asSuperuser(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    + " WHERE datname = current_database() AND query LIKE 'COPY%TO STDOUT%'");
          } catch (SQLException e) {
            throw new IllegalStateException(e);
          }
        };
    assertThatThrownBy(() -> new BackupWriter().write(request(store, "photos"), cutting))
        .hasMessageContaining("the connection to the database was lost");
    assertThat(s3.uploads()).isZero();
    assertThat(s3.keys()).noneMatch(key -> key.startsWith(prefix));
  }

  @Test
  void aBackupIsReplacedAndRemovedAsAWhole() throws Exception {
    write();
    Backup second = write();
    verify(second);
    second.place().remove();
    assertThat(s3.keys()).noneMatch(key -> key.startsWith(prefix));
    second.place().remove();
  }

  private Backup write() throws BackupFailed {
    return new BackupWriter().write(request(store, "users", "orders"), progress -> {});
  }

  private BackupRequest request(BackupStore where, String... tables) {
    return new BackupRequest(
        "shop",
        shop::open,
        BackupScope.TOUCHED,
        Arrays.stream(tables).map(Shop::table).toList(),
        List.of("public"),
        UUID.fromString("11111111-2222-3333-4444-555555555555"),
        where.place(name),
        Shop.LOCK_TIMEOUT);
  }

  private static BackupManifest verify(Backup backup) throws BackupInvalid {
    return new BackupVerifier()
        .verify(backup.place(), backup.manifestSha256(), backup.manifest().identity());
  }

  private static void refused(Backup backup, Reason reason, String message) {
    assertThatThrownBy(() -> verify(backup))
        .isInstanceOfSatisfying(BackupInvalid.class, e -> assertThat(e.reason()).isEqualTo(reason))
        .hasMessageContaining(message);
  }
}

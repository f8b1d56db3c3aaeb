package io.whimbrel.executor.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EncryptedBackupIT {
  private static final String KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
  private static final String OTHER = "AAAAAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

  private static TestDatabase shop;

  @TempDir Path directory;

  @BeforeAll
  static void open() throws SQLException {
    shop = Shop.open();
    shop.run("UPDATE users SET name = 'Findable Name' WHERE id = 1");
  }

  @Test
  void noRowAndNoStructureCanBeReadInTheFiles() throws Exception {
    Backup backup = write(keys(KEY));
    assertThat(backup.manifest().keyId()).isEqualTo(BackupKey.of(KEY).id());
    try (Stream<Path> files = Files.list(Shop.path(backup))) {
      for (Path file : files.toList()) {
        String bytes = Files.readString(file, StandardCharsets.ISO_8859_1);
        assertThat(bytes).as(file.toString()).doesNotContain("Findable", "CREATE TABLE", KEY);
      }
    }
  }

  @Test
  void theKeyOpensIt() throws Exception {
    Backup backup = write(keys(KEY));
    List<String> rows = Shop.dump(shop, "users");
    shop.run("UPDATE users SET share = 0 WHERE id < 20");
    restore(backup, keys(KEY));
    assertThat(Shop.dump(shop, "users")).isEqualTo(rows);
  }

  @Test
  void aFormerKeyOpensIt() throws Exception {
    Backup backup = write(keys(KEY));
    var rotated = new BackupKeys(Optional.of(BackupKey.of(OTHER)), List.of(BackupKey.of(KEY)));
    assertThat(verify(backup, rotated).rows()).isEqualTo(backup.rows());
  }

  @Test
  void withAnotherKeyOrNoneItIsRefusedByTheNameOfItsKey() throws Exception {
    Backup backup = write(keys(KEY));
    for (BackupKeys keys : List.of(keys(OTHER), BackupKeys.NONE)) {
      assertThatThrownBy(() -> restore(backup, keys))
          .isInstanceOfSatisfying(
              BackupInvalid.class, e -> assertThat(e.reason()).isEqualTo(BackupInvalid.Reason.KEY))
          .hasMessageContaining("encrypted with the key " + BackupKey.of(KEY).id());
    }
  }

  @Test
  void aFileOfAnotherRunDoesNotFitEvenWithAForgedManifest() throws Exception {
    Backup backup = write(keys(KEY));
    Path manifest = Shop.path(backup).resolve(BackupFiles.MANIFEST);
    String otherRun = Files.readString(manifest).replace("11111111-", "99999999-");
    Files.writeString(manifest, otherRun);
    assertThatThrownBy(() -> new BackupVerifier(keys(KEY)).verify(backup.place(), null, null))
        .isInstanceOfSatisfying(
            BackupInvalid.class,
            e -> assertThat(e.reason()).isEqualTo(BackupInvalid.Reason.UNREADABLE));
  }

  @Test
  void openedItRestoresWithoutWhimbrel() throws Exception {
    Backup backup = write(keys(KEY));
    Path opened = directory.resolve("opened");
    Path secret = Files.writeString(directory.resolve("key"), KEY + "\n");
    assertThat(open(Map.of(OpenBackup.KEY_FILE, secret.toString()), backup, opened)).isZero();
    TestDatabase copy = TestDatabase.create();
    PsqlReplay.run(copy, opened.resolve(BackupFiles.SCHEMA));
    PsqlReplay.run(copy, opened.resolve(BackupFiles.RESTORE));
    copy.asSuperuser("GRANT " + shop.owner() + " TO " + copy.owner());
    assertThat(copy.rows("SELECT count(*) FROM users")).containsExactly("500");
  }

  @Test
  void notOpenedItSaysHowToOpenIt() throws Exception {
    Backup backup = write(keys(KEY));
    assertThatThrownBy(
            () ->
                PsqlReplay.run(
                    TestDatabase.create(), Shop.path(backup).resolve(BackupFiles.RESTORE)))
        .hasMessageContaining("this backup is encrypted; the head of restore.sql says how");
    Path opened = directory.resolve("opened");
    assertThat(open(Map.of(OpenBackup.KEY, OTHER), backup, opened)).isEqualTo(1);
    assertThat(open(Map.of(OpenBackup.KEY, "short"), backup, opened)).isEqualTo(1);
    assertThat(opened).doesNotExist();
  }

  private static int open(Map<String, String> environment, Backup backup, Path opened) {
    var said = new ByteArrayOutputStream();
    var out = new PrintStream(said, true, StandardCharsets.UTF_8);
    String[] arguments = {Shop.path(backup).toString(), opened.toString()};
    int code = OpenBackup.run(arguments, environment, out, out);
    assertThat(said.toString(StandardCharsets.UTF_8)).doesNotContain(KEY, OTHER);
    return code;
  }

  private static BackupKeys keys(String key) {
    return new BackupKeys(Optional.of(BackupKey.of(key)), List.of());
  }

  private Backup write(BackupKeys keys) throws BackupFailed {
    return new BackupWriter(keys)
        .write(Shop.request(shop, directory.resolve("backup"), "users", "orders"), p -> {});
  }

  private static BackupManifest verify(Backup backup, BackupKeys keys) throws BackupInvalid {
    return new BackupVerifier(keys)
        .verify(backup.place(), backup.manifestSha256(), backup.manifest().identity());
  }

  private static void restore(Backup backup, BackupKeys keys)
      throws SQLException, BackupInvalid, WrittenByOthers, RestoreFailed {
    var request =
        new RestoreRequest(
            backup.place(),
            backup.manifestSha256(),
            List.of("public"),
            List.of(),
            List.of(),
            true,
            Shop.LOCK_TIMEOUT);
    try (Connection connection = shop.open()) {
      connection.setAutoCommit(false);
      new Restore(keys).run(request, connection);
      connection.commit();
    }
  }
}

package io.whimbrel.executor.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * A backup that is not the one that was written is refused before a statement reaches the target:
 * the restore is given a transaction in which any change would be an error of another kind.
 */
class CorruptBackupIT {
  private static final Path FIRST = Path.of("1.copy.zst");
  private static final Path SECOND = Path.of("2.copy.zst");
  private static final Path MANIFEST = Path.of(BackupFiles.MANIFEST);

  @TempDir Path directory;

  private interface Corruption {
    void of(Backup backup) throws IOException;
  }

  private record Case(
      BackupInvalid.Reason reason, String message, boolean manifestKnown, Corruption corruption) {}

  private static final Map<String, Case> CASES = new LinkedHashMap<>();

  private static void add(
      String name, BackupInvalid.Reason reason, String message, Corruption corruption) {
    CASES.put(name, new Case(reason, message, true, corruption));
  }

  /** Even a forger who may write the manifest, but not the control database, is noticed. */
  private static void forged(
      String name, BackupInvalid.Reason reason, String message, Corruption corruption) {
    CASES.put(name + ", known only by itself", new Case(reason, message, false, corruption));
    add(name, BackupInvalid.Reason.CHANGED, "manifest.json is not the one", corruption);
  }

  static {
    var changed = BackupInvalid.Reason.CHANGED;
    var inManifest = BackupInvalid.Reason.MANIFEST;
    add("a bit flipped", changed, "1.copy.zst is not the file", backup -> flip(backup, FIRST));
    add(
        "a bit of the manifest flipped",
        changed,
        "manifest.json",
        backup -> flip(backup, MANIFEST));
    add("a file cut short", changed, "1.copy.zst is not the file", CorruptBackupIT::cut);
    add("a file cut at a row", changed, "1.copy.zst is not the file", backup -> cutAtRow(backup));
    forged(
        "a file cut at a row, and the manifest made to fit",
        BackupInvalid.Reason.ROWS,
        "1999 rows of public.orders, 2000 in the manifest",
        backup -> edit(backup, json -> json, cutAtRow(backup)));
    add(
        "a file missing",
        BackupInvalid.Reason.MISSING,
        "2.copy.zst is missing",
        backup -> Files.delete(in(backup, SECOND)));
    add(
        "the manifest missing",
        BackupInvalid.Reason.MISSING,
        "there is no backup",
        backup -> Files.delete(in(backup, MANIFEST)));
    add("two files swapped", changed, "is not the file", CorruptBackupIT::swap);
    add(
        "another structure",
        changed,
        "schema.sql",
        backup -> Files.writeString(in(backup, Path.of("schema.sql")), "DROP TABLE users;"));
    add(
        "other facts of the structure",
        changed,
        "structure.json",
        backup -> Files.writeString(in(backup, Path.of("structure.json")), "[]"));
    add(
        "a file more",
        BackupInvalid.Reason.UNKNOWN_FILE,
        "more.sql does not belong",
        backup -> Files.writeString(in(backup, Path.of("more.sql")), ""));
    forged(
        "a table renamed in the manifest",
        BackupInvalid.Reason.ROWS,
        "in the manifest",
        backup -> edit(backup, json -> json.replace("\"rows\" : 500", "\"rows\" : 501"), null));
    forged(
        "a file outside of the backup named",
        inManifest,
        "names no file of a backup",
        backup -> edit(backup, json -> json.replace("1.copy.zst", "../1.copy.zst"), null));
    forged(
        "a file named twice",
        inManifest,
        "names no file of a backup, or one twice",
        backup -> edit(backup, json -> json.replace("2.copy.zst", "1.copy.zst"), null));
    forged(
        "an unknown property",
        inManifest,
        "is not a manifest",
        backup -> edit(backup, json -> json.replaceFirst("\\{", "{ \"more\" : 1,"), null));
    forged(
        "another format",
        inManifest,
        "manifest.json is of format 99, and this version of Whimbrel reads format 3",
        backup ->
            edit(backup, json -> json.replaceFirst("\"format\" : \\d+", "\"format\" : 99"), null));
    forged(
        "another database's",
        BackupInvalid.Reason.FOREIGN,
        "is a backup of database",
        backup ->
            edit(
                backup,
                json -> json.replaceFirst("\"databaseOid\" : \\d+", "\"databaseOid\" : 1"),
                null));
    forged(
        "another server's",
        BackupInvalid.Reason.FOREIGN,
        "of system 1,",
        backup ->
            edit(
                backup,
                json ->
                    json.replaceFirst(
                        "\"systemIdentifier\" : \"\\d+\"", "\"systemIdentifier\" : \"1\""),
                null));
  }

  @TestFactory
  Stream<DynamicTest> isRefusedBeforeAStatementReachesTheTarget() throws SQLException {
    TestDatabase shop = Shop.open();
    return CASES.entrySet().stream()
        .map(
            one ->
                DynamicTest.dynamicTest(
                    one.getKey(), () -> refused(shop, one.getKey(), one.getValue())));
  }

  private void refused(TestDatabase shop, String name, Case corrupt) throws Exception {
    Backup backup =
        new BackupWriter()
            .write(Shop.request(shop, directory.resolve(name), "users", "orders"), progress -> {});
    corrupt.corruption.of(backup);
    var request =
        new RestoreRequest(
            backup.place(),
            corrupt.manifestKnown ? backup.manifestSha256() : null,
            List.of("public"),
            List.of(),
            List.of(),
            true,
            Shop.LOCK_TIMEOUT);
    try (Connection connection = shop.open()) {
      connection.setReadOnly(true);
      connection.setAutoCommit(false);
      assertThatThrownBy(() -> new Restore().run(request, connection))
          .isInstanceOfSatisfying(
              BackupInvalid.class, e -> assertThat(e.reason()).isEqualTo(corrupt.reason))
          .hasMessageContaining(corrupt.message);
      assertThat(
              TestDatabase.rows(
                  connection,
                  "SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid()"
                      + " AND relation IN ('users'::regclass, 'orders'::regclass)"))
          .containsExactly("0");
    }
  }

  private static Path in(Backup backup, Path file) {
    return Shop.path(backup).resolve(file);
  }

  private static void flip(Backup backup, Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(in(backup, file));
    bytes[bytes.length / 2] ^= 1;
    Files.write(in(backup, file), bytes);
  }

  private static void cut(Backup backup) throws IOException {
    byte[] bytes = Files.readAllBytes(in(backup, FIRST));
    Files.write(in(backup, FIRST), Arrays.copyOf(bytes, bytes.length - 100));
  }

  /** Takes the last row from the first file; what the file is now. */
  private static byte[] cutAtRow(Backup backup) throws IOException {
    byte[] before = Files.readAllBytes(in(backup, FIRST));
    String rows = new String(Zstd.decompress(before, 1 << 20), StandardCharsets.UTF_8);
    int lastRow = rows.lastIndexOf('\n', rows.length() - 2) + 1;
    byte[] after = Zstd.compress(rows.substring(0, lastRow).getBytes(StandardCharsets.UTF_8));
    Files.write(in(backup, FIRST), after);
    return after;
  }

  private static void swap(Backup backup) throws IOException {
    Path other = in(backup, Path.of("3"));
    Files.move(in(backup, FIRST), other);
    Files.move(in(backup, SECOND), in(backup, FIRST));
    Files.move(other, in(backup, SECOND));
  }

  private interface Edit {
    String of(String json);
  }

  /** Edits the manifest, and makes it fit what the first file is now. */
  private static void edit(Backup backup, Edit edit, byte @Nullable [] first) throws IOException {
    String json = Files.readString(in(backup, MANIFEST));
    if (first != null) {
      BackupManifest.StoredFile was = backup.manifest().tables().get(0).file();
      assertThat(was).isNotNull();
      var digest = BackupFiles.sha256();
      digest.update(first);
      json =
          json.replace(was.sha256(), BackupFiles.hex(digest))
              .replace("\"bytes\" : " + was.bytes(), "\"bytes\" : " + first.length);
    }
    String edited = edit.of(json);
    assertThat(edited).isNotEqualTo(Files.readString(in(backup, MANIFEST)));
    Files.writeString(in(backup, MANIFEST), edited);
  }
}

package io.whimbrel.executor.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdInputStream;
import com.github.luben.zstd.ZstdOutputStream;
import io.whimbrel.event.BackupScope;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoadTrialIT {
  private static TestDatabase shop;

  @TempDir Path directory;

  @BeforeAll
  static void open() throws SQLException {
    shop = Shop.open();
    shop.run(
        "CREATE PUBLICATION all_orders FOR TABLE orders",
        "GRANT SELECT ON users TO PUBLIC",
        "CREATE INDEX by_half ON orders ((amount / 2))",
        "ALTER INDEX by_half ALTER COLUMN 1 SET STATISTICS 7",
        "ALTER TABLE notes REPLICA IDENTITY FULL",
        "ALTER TABLE orders ADD CONSTRAINT small CHECK (amount < 10) NOT VALID",
        "COMMENT ON CONSTRAINT notes_order_id_fkey ON notes IS 'to its order'");
  }

  @Test
  void aWholeBackupIsAsBefore() throws Exception {
    load(write(BackupScope.DATABASE, "users"));
  }

  @Test
  void theTouchedTablesAloneAreAsBefore() throws Exception {
    // Its orders are not in the backup, so the foreign key cannot be put on.
    load(write(BackupScope.TOUCHED, "notes", "events"));
  }

  @Test
  void thingsOfOtherOwnersAreAsBefore() throws Exception {
    TestDatabase museum = TestDatabase.create();
    museum.run("CREATE TABLE halls (id int PRIMARY KEY)", "INSERT INTO halls VALUES (1)");
    museum.asSuperuser("CREATE TABLE vault (id int PRIMARY KEY)", "GRANT ALL ON vault TO PUBLIC");
    Backup backup =
        new BackupWriter()
            .write(Shop.request(museum, directory.resolve("b"), "halls", "vault"), p -> {});
    load(backup);
  }

  @Test
  void aRowThatIsNotAsItWasIsFound() throws Exception {
    Backup backup = write(BackupScope.TOUCHED, "users", "orders");
    String file = file(backup, "users");
    rewrite(Shop.path(backup).resolve(file), "User 17", "User 71");
    fails(backup, "the contents of public.users after loading are not those of the backup");
  }

  @Test
  void aRowThatBreaksAConstraintIsFound() throws Exception {
    Backup backup = write(BackupScope.TOUCHED, "orders", "notes");
    Path schema = Shop.path(backup).resolve(BackupFiles.SCHEMA);
    Files.writeString(
        schema,
        Files.readString(schema) + "\nALTER TABLE public.notes ADD CHECK (order_id < 9);\n");
    fails(backup, "PostgreSQL refuses its rows: ERROR: new row for relation \"notes\"");
  }

  @Test
  void structureThatIsMissingIsFound() throws Exception {
    Backup backup = write(BackupScope.TOUCHED, "orders");
    Path schema = Shop.path(backup).resolve(BackupFiles.SCHEMA);
    String script = Files.readString(schema);
    String without = script.replaceFirst("CREATE INDEX orders_by_amount[^;]*;", "");
    assertThat(without).isNotEqualTo(script);
    Files.writeString(schema, without);
    fails(backup, "the structure is not as in the backup: index public.orders_by_amount");
  }

  @Test
  void aTableThatCannotBeMadeIsNamedWithTheReason() throws Exception {
    Backup backup = write(BackupScope.TOUCHED, "users");
    Path schema = Shop.path(backup).resolve(BackupFiles.SCHEMA);
    Files.writeString(schema, Files.readString(schema).replaceFirst("CREATE TYPE[^;]*;", ""));
    fails(backup, "the table public.users could not be made; refused was line");
  }

  private static void load(Backup backup) throws Exception {
    BackupManifest manifest =
        new BackupVerifier().verify(backup.place(), backup.manifestSha256(), null);
    tryOut(backup, manifest);
  }

  private static void tryOut(Backup backup, BackupManifest manifest) throws Exception {
    TestDatabase scratch = TestDatabase.create();
    try (Connection connection = scratch.open()) {
      new BackupVerifier().load(backup.place(), manifest, connection);
    } finally {
      scratch.drop();
    }
  }

  private static void fails(Backup backup, String message) {
    assertThatThrownBy(() -> tryOut(backup, backup.manifest()))
        .hasMessageContaining(message)
        .isInstanceOfSatisfying(
            BackupInvalid.class,
            e -> assertThat(e.reason()).isEqualTo(BackupInvalid.Reason.NOT_RESTORABLE));
  }

  private Backup write(BackupScope scope, String... tables) throws BackupFailed {
    BackupRequest request = Shop.request(shop, directory.resolve("backup"), tables);
    return new BackupWriter().write(request.of(scope), progress -> {});
  }

  private static String file(Backup backup, String table) {
    return backup.manifest().tables().stream()
        .filter(held -> held.name().equals(Shop.table(table)))
        .map(held -> Objects.requireNonNull(held.file()).name())
        .findFirst()
        .orElseThrow();
  }

  private static void rewrite(Path file, String what, String with) throws IOException {
    String text;
    try (var in = new ZstdInputStream(Files.newInputStream(file))) {
      text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    assertThat(text).contains(what);
    try (var out = new ZstdOutputStream(Files.newOutputStream(file))) {
      out.write(text.replaceFirst(what, with).getBytes(StandardCharsets.UTF_8));
    }
  }
}

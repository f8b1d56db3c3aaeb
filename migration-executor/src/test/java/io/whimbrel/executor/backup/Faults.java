package io.whimbrel.executor.backup;

import io.whimbrel.event.BackupScope;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;

/** A table that is large enough to be in the middle of, and whose index can be held. */
final class Faults {
  private static final long HELD = 4242;

  private Faults() {}

  static TestDatabase database(TestDatabase database) throws SQLException {
    database.run(
        """
        CREATE FUNCTION held(i int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS $$
        BEGIN PERFORM pg_advisory_xact_lock_shared(%d); RETURN i; END $$
        """
            .formatted(HELD),
        "CREATE TABLE stock (id int PRIMARY KEY CHECK (held(id) = id), what text NOT NULL)",
        "INSERT INTO stock SELECT i, repeat(md5(i::text), 30) FROM generate_series(1, 20000) i");
    return database;
  }

  static BackupRequest request(Connector connector, Path directory) {
    return new BackupRequest(
        "faults",
        connector,
        BackupScope.TOUCHED,
        List.of(Shop.table("stock")),
        List.of("public"),
        UUID.fromString("11111111-2222-3333-4444-555555555555"),
        new DirectoryPlace(directory),
        Shop.LOCK_TIMEOUT);
  }

  /** A restore of what is there, whoever has written since. */
  static RestoreRequest restore(Path directory) {
    return new RestoreRequest(
        new DirectoryPlace(directory),
        null,
        List.of("public"),
        List.of(),
        List.of(),
        true,
        Shop.LOCK_TIMEOUT);
  }

  /** Keeps rows from being loaded until it is closed. */
  static Connection hold(TestDatabase database) throws SQLException {
    Connection holder = database.openAsSuperuser();
    TestDatabase.execute(holder, "SELECT pg_advisory_lock(%d)".formatted(HELD));
    return holder;
  }
}

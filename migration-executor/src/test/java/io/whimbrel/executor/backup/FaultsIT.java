package io.whimbrel.executor.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.whimbrel.local.EmbeddedPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What breaks a backup or a restore off: neither is half there afterwards, and both can be done.
 */
class FaultsIT {
  private static final String IN_THE_LOAD =
      "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
          + " AND query LIKE 'COPY%FROM STDIN%' AND wait_event = 'advisory'";
  private static final String OTHERS =
      "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
          + " AND pid <> pg_backend_pid()";

  @TempDir Path temporary;

  private Path directory() {
    return temporary.resolve("backup");
  }

  @Test
  void aProcessKilledInABackupLeavesNoBackup() throws Exception {
    TestDatabase database = Faults.database(TestDatabase.create());
    Process process = DyingWork.start("backup", database, directory());
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(DyingWork.DIED);

    assertThat(directory()).doesNotExist();
    assertThat(BackupFiles.partial(directory())).isNotEmptyDirectory();
    awaitNobody(database);

    write(database);
    assertThat(BackupFiles.partial(directory())).doesNotExist();
    new BackupVerifier().verify(new DirectoryPlace(directory()), null, null);
  }

  @Test
  void aConnectionCutInTheMiddleOfACopyLeavesNoBackup() throws Exception {
    TestDatabase database = Faults.database(TestDatabase.create());
    BackupListener cutting =
        progress -> {
          try {
            database.asSuperuser(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    + " WHERE datname = current_database() AND query LIKE 'COPY%TO STDOUT%'");
          } catch (SQLException e) {
            throw new IllegalStateException(e);
          }
        };
    assertThatThrownBy(
            () -> new BackupWriter().write(Faults.request(database::open, directory()), cutting))
        .isInstanceOfSatisfying(
            BackupFailed.class, e -> assertThat(e.reason()).isEqualTo(BackupFailed.Reason.DATABASE))
        .hasMessageContaining("the connection to the database was lost")
        .hasMessageContaining("request it again");
    assertThat(temporary).isEmptyDirectory();
    awaitNobody(database);
  }

  @Test
  void aProcessKilledInARestoreLeavesTheTargetAsItWas() throws Exception {
    TestDatabase database = Faults.database(TestDatabase.create());
    Everything before = damaged(database);
    Everything damaged = Everything.of(database);
    try (Connection holder = Faults.hold(database)) {
      Process process = DyingWork.start("restore", database, directory());
      awaitTheLoad(holder);
      process.destroyForcibly().waitFor();
    }
    awaitNobody(database);
    isTheSame(database, damaged);

    restore(database);
    isTheSame(database, before);
  }

  @Test
  void aSessionEndedInARestoreLeavesTheTargetAsItWas() throws Exception {
    TestDatabase database = Faults.database(TestDatabase.create());
    Everything before = damaged(database);
    Everything damaged = Everything.of(database);
    try (Connection holder = Faults.hold(database)) {
      CompletableFuture<Void> restoring = restoring(database);
      awaitTheLoad(holder);
      TestDatabase.execute(
          holder,
          "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
              + " WHERE datname = current_database() AND wait_event = 'advisory'");
      isBrokenOff(restoring);
    }
    awaitNobody(database);
    isTheSame(database, damaged);

    restore(database);
    isTheSame(database, before);
  }

  @Test
  void aServerThatDiesInARestoreComesBackAsItWas() throws Exception {
    try (EmbeddedPostgres server = EmbeddedPostgres.temporary()) {
      TestDatabase database = Faults.database(TestDatabase.create(server));
      Everything before = damaged(database);
      // Servers of tests answer before they write.
      server.execute("postgres", "checkpoint");
      Everything damaged = Everything.of(database);
      try (Connection holder = Faults.hold(database)) {
        CompletableFuture<Void> restoring = restoring(database);
        awaitTheLoad(holder);
        server.kill();
        isBrokenOff(restoring);
      }
      server.start();
      isTheSame(database, damaged);

      restore(database);
      isTheSame(database, before);
    }
  }

  /** Backs up, and damages the table such that it is loaded anew. */
  private Everything damaged(TestDatabase database) throws Exception {
    Everything before = Everything.of(database);
    write(database);
    database.run(
        "ALTER TABLE stock DROP COLUMN what",
        "DELETE FROM stock WHERE id % 3 = 0",
        "ANALYZE stock");
    return before;
  }

  private void write(TestDatabase database) throws BackupFailed {
    new BackupWriter().write(Faults.request(database::open, directory()), progress -> {});
    assertThat(Files.exists(directory().resolve(BackupFiles.MANIFEST))).isTrue();
  }

  private CompletableFuture<Void> restoring(TestDatabase database) {
    return CompletableFuture.runAsync(
        () -> {
          try {
            restore(database);
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        });
  }

  private void restore(TestDatabase database) throws Exception {
    try (Connection connection = database.open()) {
      connection.setAutoCommit(false);
      new Restore().run(Faults.restore(directory()), connection);
      connection.commit();
    }
  }

  private static void isBrokenOff(CompletableFuture<Void> restoring) {
    assertThatThrownBy(() -> restoring.get(60, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .hasCauseInstanceOf(SQLException.class);
  }

  private static void awaitTheLoad(Connection holder) {
    await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> TestDatabase.rows(holder, IN_THE_LOAD).get(0).equals("1"));
  }

  private static void awaitNobody(TestDatabase database) {
    await()
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> database.rows(OTHERS).get(0).equals("0"));
  }

  private static void isTheSame(TestDatabase database, Everything wanted) throws Exception {
    Everything now = Everything.of(database);
    assertThat(wanted.structure().differences(now.structure())).isEmpty();
    assertThat(now.rows()).isEqualTo(wanted.rows());
    assertThat(
            database.rows(
                "SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' ORDER BY nspname"))
        .containsExactly("information_schema", "public");
  }
}

package io.whimbrel.executor.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.whimbrel.executor.backup.TestDatabase;
import io.whimbrel.local.EmbeddedPostgres;
import io.whimbrel.target.Login;
import io.whimbrel.target.Policy;
import io.whimbrel.target.Target;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ScratchDatabaseIT {
  private final UUID run = UUID.randomUUID();
  private final String name = "whimbrel_rehearsal_" + run.toString().replace("-", "");
  TestDatabase database;

  @BeforeEach
  void create() throws SQLException {
    database = TestDatabase.create();
  }

  @Test
  void aSessionThatItsRoleMayNotEndIsWaitedFor() throws SQLException {
    try (Connection admin = database.open()) {
      ScratchDatabase scratch = ScratchDatabase.create(admin, target(), run);
      Connection superusers = EmbeddedPostgres.shared().connect(name);
      CompletableFuture<Void> leaves =
          CompletableFuture.runAsync(
              () -> {
                await().until(this::isBeingDropped);
                close(superusers);
              });

      scratch.close();

      leaves.join();
    }
    assertThat(databases()).doesNotContain(name);
  }

  @Test
  void aSessionOfAnAttemptThatWasKilledIsEnded() throws SQLException {
    try (Connection admin = database.open()) {
      ScratchDatabase killed = ScratchDatabase.create(admin, target(), run);
      try (Connection left = killed.connect("whimbrel-rehearsal:" + run)) {
        assertThat(left.isValid(1)).isTrue();

        ScratchDatabase.create(admin, target(), run).close();

        assertThat(left.isValid(1)).isFalse();
      }
    }
    assertThat(databases()).doesNotContain(name);
  }

  private boolean isBeingDropped() throws SQLException {
    return !database
        .rows(
            "SELECT pid FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'DROP DATABASE%"
                + name
                + "%'")
        .isEmpty();
  }

  private List<String> databases() throws SQLException {
    return database.rows("SELECT datname FROM pg_database");
  }

  private static void close(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private Target target() {
    return new Target(
        "test",
        database.url(),
        List.of(Path.of(".")),
        "flyway",
        Login.of(database.owner()),
        Login.of(database.owner()),
        List.of("public"),
        Map.of(),
        true,
        "0",
        false,
        Policy.DEFAULT);
  }
}

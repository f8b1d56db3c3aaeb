package io.whimbrel.executor.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.whimbrel.executor.backup.TestDatabase;
import io.whimbrel.local.EmbeddedPostgres;
import io.whimbrel.target.Login;
import io.whimbrel.target.RehearsalServer;
import io.whimbrel.target.Target;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

  @Test
  void whatAKilledProcessLeftIsGoneWithTheNextRehearsal() throws Exception {
    Process killed =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-cp",
                System.getProperty("java.class.path"),
                DyingRehearsal.class.getName(),
                database.url(),
                database.owner(),
                run.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> sessions("datname = '" + name + "' AND wait_event = 'PgSleep'") == 1);
    } finally {
      killed.destroyForcibly().waitFor();
    }
    await()
        .until(
            () ->
                sessions("datname <> '" + name + "' AND application_name LIKE '%" + run + "'")
                    == 0);
    assertThat(databases()).contains(name);

    try (Connection admin = database.open()) {
      ScratchDatabase.create(admin, target(), UUID.randomUUID()).close();
    }

    assertThat(databases()).doesNotContain(name);
  }

  @Test
  void whatAnotherRunIsUsingStays() throws SQLException {
    try (Connection admin = database.open();
        Connection others = database.open()) {
      ScratchDatabase scratch = ScratchDatabase.create(admin, target(), run);
      ScratchDatabase.create(others, target(), UUID.randomUUID()).close();
      assertThat(databases()).contains(name);
      scratch.close();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 18})
  void itSortsAsItsTargetDoes(int version) throws SQLException {
    EmbeddedPostgres server =
        version == 15 ? EmbeddedPostgres.sharedOldest() : EmbeddedPostgres.shared();
    server.dropDatabase("sorted");
    server.execute(
        "postgres",
        "CREATE DATABASE sorted TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'sv-SE'");
    Target sorted = DyingRehearsal.target(server.url("sorted"), EmbeddedPostgres.SUPERUSER);
    try (Connection admin = server.connect("sorted");
        ScratchDatabase scratch = ScratchDatabase.create(admin, sorted, run);
        Connection inside = scratch.connect("test")) {
      assertThat(Locale.of(inside)).isEqualTo(Locale.of(admin));
      assertThat(Locale.of(inside).locale()).isEqualTo("sv-SE");
    }
  }

  @Test
  void aTargetIsRehearsedOnAnotherServer() throws SQLException {
    TestDatabase elsewhere = TestDatabase.create();
    database.asSuperuser("ALTER ROLE " + database.owner() + " NOCREATEDB");
    Target target =
        target().with(new RehearsalServer(elsewhere.url(), Login.of(elsewhere.owner())));

    RehearsalReport report =
        Rehearsal.rehearse(
            target, run, RehearsedDatabase.scripts(List.of("create table t (id int)")));

    assertThat(report.measured()).as(report.summary()).isTrue();
    assertThat(databases()).doesNotContain(name);
  }

  private long sessions(String such) throws SQLException {
    try (Connection superuser = EmbeddedPostgres.shared().connect("postgres")) {
      return Long.parseLong(
          TestDatabase.rows(superuser, "SELECT count(*) FROM pg_stat_activity WHERE " + such)
              .get(0));
    }
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
    return DyingRehearsal.target(database.url(), database.owner());
  }
}

package io.whimbrel.validation.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.whimbrel.local.EmbeddedPostgres;
import io.whimbrel.target.Throttle;
import io.whimbrel.validation.report.Report;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;
import org.postgresql.replication.LogSequenceNumber;
import org.postgresql.replication.PGReplicationStream;

class PressureIT {
  private static final String DATABASE = "validation_pressure";
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final int BUSY = 12;

  /** The first takes long enough for the pressure to be seen. */
  private static final String RULES =
      """
      business_constraints:
        - { id: long, sql: select pg_sleep(3) is not null }
        - { id: short, sql: select true }
      """;

  @TempDir Path catalog;

  @Test
  void aBusyTargetIsLeftAloneUntilItIsNotBusyAnyMore() throws Exception {
    EmbeddedPostgres server = EmbeddedPostgres.shared();
    server.createDatabase(DATABASE);
    Progress progress = new Progress();
    ExecutorService threads = Executors.newCachedThreadPool();
    List<Connection> busy = new ArrayList<>();
    try {
      for (int i = 0; i < BUSY; i++) {
        Connection connection = server.connect("postgres");
        busy.add(connection);
        threads.execute(() -> sleep(connection));
      }
      Throttle few = new Throttle(Duration.ofSeconds(10), 0, Duration.ofSeconds(1), false, 3);
      Looking looking = new Looking(DATABASE, catalog, few);
      looking.rules(RULES);
      Future<Report> report =
          threads.submit(() -> looking.look(List.of("business_constraints"), progress));

      Awaitility.await().atMost(SOON).until(() -> progress.state().paused() != null);
      assertThat(progress.state().paused()).contains("connections are active");
      assertThat(progress.state().rules()).isEqualTo(1);
      assertThat(progress.state().rulesDone()).isZero();
      for (Connection connection : busy) {
        connection.abort(Runnable::run);
      }
      server.execute(
          "postgres",
          "select pg_terminate_backend(pid) from pg_stat_activity where query like '%pg_sleep(61)'"
              + " and pid <> pg_backend_pid()");

      assertThat(report.get(SOON.toSeconds(), TimeUnit.SECONDS).valid()).isTrue();
      assertThat(progress.state()).isEqualTo(new Progress.State(1, 1, 0, 0, null));
    } finally {
      threads.shutdownNow();
      server.dropDatabase(DATABASE);
    }
  }

  private static boolean sleep(Connection connection) {
    try (Statement statement = connection.createStatement()) {
      return statement.execute("select pg_sleep(61)");
    } catch (SQLException e) {
      return false;
    }
  }

  @Test
  void aReplicaThatIsBehindIsNamedUntilItHasCaughtUpOrGone() throws Exception {
    EmbeddedPostgres server = EmbeddedPostgres.shared();
    Properties properties = new Properties();
    properties.setProperty("replication", "true");
    properties.setProperty("assumeMinServerVersion", "15");
    properties.setProperty("preferQueryMode", "simple");
    Throttle limit = new Throttle(Duration.ofMillis(1), 0, Duration.ZERO, false, 0);
    Throttle off = new Throttle(Duration.ZERO, 0, Duration.ZERO, false, 0);
    try (Connection looking = server.connect("postgres")) {
      assertThat(Pressure.read(looking, limit)).isEmpty();
      try (Connection replica = DriverManager.getConnection(server.superuserUrl(), properties);
          PGReplicationStream stream =
              replica
                  .unwrap(PGConnection.class)
                  .getReplicationAPI()
                  .replicationStream()
                  .physical()
                  .withStartPosition(LogSequenceNumber.valueOf(position(looking)))
                  .start()) {
        Awaitility.await()
            .atMost(SOON)
            .untilAsserted(
                () -> {
                  // What was read the last time is said to be applied now.
                  stream.setFlushedLSN(stream.getLastReceiveLSN());
                  stream.setAppliedLSN(stream.getLastReceiveLSN());
                  stream.forceUpdateStatus();
                  server.execute(
                      "postgres", "drop table if exists written; create table written (n int)");
                  while (stream.readPending() != null) {}
                  assertThat(Pressure.read(looking, limit))
                      .hasValueSatisfying(why -> assertThat(why).startsWith("a replica is"));
                  assertThat(Pressure.read(looking, off)).isEmpty();
                });
      }
      Awaitility.await().atMost(SOON).until(() -> Pressure.read(looking, limit).isEmpty());
    }
  }

  private static String position(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("select pg_current_wal_lsn()")) {
      row.next();
      return row.getString(1);
    }
  }
}

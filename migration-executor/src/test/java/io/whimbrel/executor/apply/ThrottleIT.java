package io.whimbrel.executor.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.whimbrel.local.EmbeddedPostgres;
import io.whimbrel.target.Throttle;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;
import org.postgresql.replication.LogSequenceNumber;
import org.postgresql.replication.PGReplicationStream;

class ThrottleIT {

  private static final Throttle OFF = new Throttle(Duration.ZERO, 0, Duration.ZERO, false, 0);

  @TempDir Path directory;
  private TestTarget target;

  @BeforeEach
  void freshTarget() throws SQLException {
    target = new TestTarget(directory).adopted();
    target.execute(
        "create table users (id bigint primary key, n int not null default 0);"
            + "insert into users select g from generate_series(1, 10000) g");
  }

  @Test
  void aReplicaThatIsBehindIsNamedUntilItHasCaughtUpOrGone() throws Exception {
    Properties properties = new Properties();
    properties.setProperty("replication", "true");
    properties.setProperty("assumeMinServerVersion", "15");
    properties.setProperty("preferQueryMode", "simple");
    properties.setProperty("ApplicationName", "replica1");
    Throttle limit = new Throttle(Duration.ofMillis(1), 0, Duration.ZERO, false, 0);
    try (Connection looking = superuser()) {
      ThrottleSignals signals = new ThrottleSignals(looking, limit, 0, "public.users");
      assertThat(signals.look()).isEmpty();
      String lsn = target.value("select pg_current_wal_lsn()");
      try (Connection replica =
              DriverManager.getConnection(EmbeddedPostgres.shared().superuserUrl(), properties);
          PGReplicationStream stream =
              replica
                  .unwrap(PGConnection.class)
                  .getReplicationAPI()
                  .replicationStream()
                  .physical()
                  .withStartPosition(LogSequenceNumber.valueOf(lsn == null ? "" : lsn))
                  .start()) {
        awaitReason(
            () -> {
              // What was read the last time is said to be applied now.
              LogSequenceNumber read = stream.getLastReceiveLSN();
              stream.setFlushedLSN(read);
              stream.setAppliedLSN(read);
              stream.forceUpdateStatus();
              target.execute("update users set n = n where id < 10");
              while (stream.readPending() != null) {}
              return signals.look();
            },
            "replica replica1 is");
      }
      await().atMost(Duration.ofSeconds(20)).until(() -> signals.look().isEmpty());
    }
  }

  @Test
  void sessionsThatWaitedForABatchAreToldOnceTheyHaveWaitedTooLong() throws Exception {
    Throttle limit = new Throttle(Duration.ZERO, 0, Duration.ofMillis(50), false, 0);
    try (Connection batch = target.stranger("batch");
        Connection looking = target.stranger("looking")) {
      batch.setAutoCommit(false);
      Sql.execute(batch, "update users set n = 1 where id = 5");
      int pid = batch.unwrap(PGConnection.class).getBackendPID();
      ThrottleSignals signals = new ThrottleSignals(looking, limit, pid, "public.users");
      assertThat(signals.look()).isEmpty();
      Thread waiting = background("update users set n = 2 where id = 5");
      awaitReason(signals::look, "1 sessions waited for a batch, for up to");
      batch.commit();
      waiting.join();
      assertThat(signals.look()).isEmpty();
    }
  }

  @Test
  void theRateOfWalIsThatBetweenTwoLooks() throws Exception {
    Throttle limit = new Throttle(Duration.ZERO, 1024, Duration.ZERO, false, 0);
    try (Connection looking = target.stranger("looking")) {
      ThrottleSignals signals = new ThrottleSignals(looking, limit, 0, "public.users");
      assertThat(signals.look()).as("nothing to compare with").isEmpty();
      target.execute("update users set n = n + 1");
      assertThat(signals.look()).singleElement().asString().contains("of WAL a second, limit 1 kB");
    }
  }

  @Test
  void activeConnectionsAreCountedAgainstTheirShare() throws Exception {
    List<Connection> busy = new ArrayList<>();
    try (Connection looking = superuser()) {
      String most = target.value("select setting from pg_settings where name = 'max_connections'");
      for (int i = 0; i <= Integer.parseInt(most == null ? "0" : most) / 100; i++) {
        Connection connection = target.stranger("busy");
        busy.add(connection);
        connection.setAutoCommit(false);
        Sql.execute(connection, "select 1");
      }
      assertThat(look(looking, new Throttle(Duration.ZERO, 0, Duration.ZERO, false, 1)))
          .singleElement()
          .asString()
          .contains("connections are active, limit 1 percent");
      assertThat(look(looking, new Throttle(Duration.ZERO, 0, Duration.ZERO, false, 100)))
          .isEmpty();
      assertThat(look(looking, OFF)).isEmpty();
    } finally {
      for (Connection connection : busy) {
        connection.close();
      }
    }
  }

  @Test
  void whatTheRoleMayNotSeeIsOffAndNamed() throws Exception {
    Throttle limit = new Throttle(Duration.ofSeconds(1), 0, Duration.ofSeconds(1), true, 1);
    try (Connection looking = target.stranger("looking")) {
      ThrottleSignals signals = new ThrottleSignals(looking, limit, 0, "public.users");
      assertThat(signals.unreadable())
          .containsExactly("the lag of replicas", "vacuums", "active connections");
      assertThat(signals.look()).isEmpty();
      assertThat(new ThrottleSignals(looking, OFF, 0, "public.users").unreadable()).isEmpty();
    }
  }

  @Test
  void batchesWaitWhileTheirTableIsVacuumedAndGoOnByThemselves() throws Exception {
    target.file(
        "V2__b.sql",
        "-- whimbrel:batch table=users key=id size=3000 vacuum=on\nupdate users set n = n + 1");
    target.asSuperuser("grant pg_read_all_stats to migrator");
    try {
      Thread vacuum =
          background("set vacuum_cost_delay = 100", "set vacuum_cost_limit = 1", "vacuum users");
      try (Connection looking = superuser()) {
        Throttle limit = new Throttle(Duration.ZERO, 0, Duration.ZERO, true, 0);
        awaitReason(() -> look(looking, limit), "the table is vacuumed by pid");
      }
      List<String> held = new ArrayList<>();
      ApplyListener listener =
          new ApplyListener() {
            @Override
            public void held(List<String> reasons) {
              held.addAll(reasons);
              target.asSuperuser(
                  "select pg_cancel_backend(pid) from pg_stat_progress_vacuum where datname ="
                      + " current_database()");
            }
          };

      assertThat(target.apply(target.script("2"), listener, InTransaction.NOTHING))
          .isInstanceOf(ApplyResult.Applied.class);

      vacuum.join();
      assertThat(held).isNotEmpty().allMatch(why -> why.startsWith("the table is vacuumed by"));
      assertThat(target.value("select count(*) from users where n = 1")).isEqualTo("10000");
    } finally {
      target.asSuperuser("revoke pg_read_all_stats from migrator");
    }
  }

  private static List<String> look(Connection looking, Throttle limits) throws SQLException {
    return new ThrottleSignals(looking, limits, 0, "public.users").look();
  }

  private static void awaitReason(Callable<List<String>> look, String reason) {
    await(reason)
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(20))
        .until(look, reasons -> reasons.stream().anyMatch(why -> why.contains(reason)));
  }

  /** Statements of a session of their own; what becomes of the last is its own affair. */
  private Thread background(String... statements) {
    Thread thread =
        new Thread(
            () -> {
              try (Connection connection = target.stranger("background");
                  Statement statement = connection.createStatement()) {
                for (String sql : statements) {
                  statement.execute(sql);
                }
              } catch (SQLException e) {
                assertThat(e.getSQLState()).isEqualTo(SqlStates.CANCELLED);
              }
            });
    thread.start();
    return thread;
  }

  private Connection superuser() throws SQLException {
    String url = target.target().url();
    return EmbeddedPostgres.shared().connect(url.substring(url.lastIndexOf('/') + 1));
  }
}

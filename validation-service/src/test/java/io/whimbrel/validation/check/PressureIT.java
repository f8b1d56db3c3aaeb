package io.whimbrel.validation.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.whimbrel.event.Phase;
import io.whimbrel.local.EmbeddedPostgres;
import io.whimbrel.target.Login;
import io.whimbrel.target.Policy;
import io.whimbrel.target.Target;
import io.whimbrel.target.Throttle;
import io.whimbrel.target.Timeouts;
import io.whimbrel.validation.report.Reach;
import io.whimbrel.validation.report.Report;
import io.whimbrel.validation.report.Subject;
import io.whimbrel.validation.report.Wish;
import io.whimbrel.validation.rule.Memory;
import io.whimbrel.validation.rule.Mode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
      Future<Report> report = threads.submit(() -> look(server, progress));

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

  private Report look(EmbeddedPostgres server, Progress progress) throws SQLException, IOException {
    Files.writeString(
        Files.createDirectories(catalog.resolve("rules")).resolve("slow.yaml"), RULES);
    Login login = Login.of(EmbeddedPostgres.SUPERUSER);
    Throttle few = new Throttle(Duration.ofSeconds(10), 0, Duration.ofSeconds(1), false, 3);
    Target target =
        new Target(
            "busy",
            server.url(DATABASE),
            List.of(catalog),
            "flyway",
            login,
            login,
            List.of("public"),
            Map.of(),
            false,
            "1",
            false,
            new Policy(false, "none", Timeouts.DEFAULT, few));
    Wish wish =
        new Wish(
            Reach.DATABASE, List.of("business_constraints"), List.of(), Mode.QUICK, false, null);
    Subject subject = new Subject(UUID.randomUUID(), null, Phase.TARGETED, "busy", List.of(), wish);
    return new Validation(
            new OneConnection(), new Lenient(), PluginLooks.none(), new SimpleMeterRegistry())
        .look(target, subject, Memory.none(), progress);
  }

  private record OneConnection() implements CheckConfig {
    @Override
    public Mode mode() {
      return Mode.QUICK;
    }

    @Override
    public long sampleAbove() {
      return 1_000_000;
    }

    @Override
    public long sampleRows() {
      return 100_000;
    }

    @Override
    public Duration statementTimeout() {
      return Duration.ofMinutes(1);
    }

    @Override
    public Duration lockTimeout() {
      return Duration.ofSeconds(5);
    }

    @Override
    public int connections() {
      return 1;
    }

    @Override
    public List<String> categories() {
      return List.of();
    }
  }

  private record Lenient() implements StrictnessConfig {
    @Override
    public boolean enabled() {
      return true;
    }

    @Override
    public boolean strictMode() {
      return false;
    }
  }
}

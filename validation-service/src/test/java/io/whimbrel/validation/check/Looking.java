package io.whimbrel.validation.check;

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
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** A validation of a whole database with one reader. */
record Looking(String database, Path catalog, Throttle throttle) {

  /** Declares rules beside the migrations. */
  void rules(String yaml) throws IOException {
    Files.writeString(
        Files.createDirectories(catalog.resolve("rules")).resolve("rules.yaml"), yaml);
  }

  Report look(List<String> rules, Progress progress) throws SQLException {
    Login login = Login.of(EmbeddedPostgres.SUPERUSER);
    Target target =
        new Target(
            "looked-at",
            EmbeddedPostgres.shared().url(database),
            List.of(catalog),
            "flyway",
            login,
            login,
            List.of("public"),
            Map.of(),
            false,
            "1",
            false,
            new Policy(false, "none", Timeouts.DEFAULT, throttle));
    Wish wish = new Wish(Reach.DATABASE, rules, List.of(), Mode.QUICK, false, null);
    Subject subject =
        new Subject(UUID.randomUUID(), null, Phase.TARGETED, "looked-at", List.of(), wish);
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
    public int targetConnections() {
      return 6;
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

package io.whimbrel.benchmark;

import io.whimbrel.executor.catalog.Migration;
import io.whimbrel.executor.catalog.Placeholders;
import io.whimbrel.executor.catalog.Script;
import io.whimbrel.executor.catalog.ScriptConfig;
import io.whimbrel.executor.catalog.ScriptText;
import io.whimbrel.executor.catalog.Version;
import io.whimbrel.executor.forecast.Calibration;
import io.whimbrel.executor.forecast.Calibrator;
import io.whimbrel.executor.forecast.Estimate;
import io.whimbrel.executor.forecast.Forecast;
import io.whimbrel.executor.impact.ImpactReader;
import io.whimbrel.executor.impact.ImpactSettings;
import io.whimbrel.executor.impact.TargetImpact;
import io.whimbrel.executor.rehearsal.Rehearsal;
import io.whimbrel.executor.rehearsal.RehearsalReport;
import io.whimbrel.local.EmbeddedPostgres;
import io.whimbrel.target.Login;
import io.whimbrel.target.Target;
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

/**
 * Predicts how long statements will take and then runs them: how far the predictions are off, and
 * how many of the actual durations are in the predicted range. Each is rehearsed, and its target
 * looked at, as for a plan. Every case is on a table of its own, as it is after it has been
 * vacuumed, analyzed and brought to disk. Nothing learns from the cases: the only thing measured
 * beforehand is the server, with the tables of the calibration.
 */
final class ForecastBenchmark {
  private static final String USER = "forecast_benchmark";
  private static final ImpactSettings SETTINGS =
      new ImpactSettings(
          Duration.ofSeconds(10),
          Duration.ofSeconds(1),
          Duration.ZERO,
          8L << 20,
          Duration.ofSeconds(10),
          Duration.ofMillis(1),
          Duration.ZERO,
          0);

  private final EmbeddedPostgres server;
  private final Path home;
  private final List<Double> errors = new ArrayList<>();
  private int inside;

  private ForecastBenchmark(EmbeddedPostgres server, Path home) {
    this.server = server;
    this.home = home;
  }

  static void run(Options options) throws Exception {
    OwnServer.with(
        (server, home) ->
            new ForecastBenchmark(server, home).run(options.count(), options.rounds()));
  }

  private void run(int rows, int rounds) throws Exception {
    System.out.printf(
        "forecast, tables of up to %d rows, %d rounds, fsync on, Java %s%n%n",
        rows, rounds, Runtime.version());
    System.out.println("| case | predicted ms | range | actual ms | error | inside |");
    System.out.println("|---|---:|---:|---:|---:|---|");
    for (int round = 0; round < rounds; round++) {
      Target target = target("forecast");
      Calibration calibration = Calibrator.measure(target, UUID.randomUUID());
      for (ForecastCase each : ForecastCase.all(rows)) {
        once(calibration, each);
      }
    }
    errors.sort(null);
    System.out.printf(
        "%nMedian error %.0f %%, %d of %d inside the range of nine in ten%n",
        errors.get(errors.size() / 2) * 100, inside, errors.size());
  }

  private void once(Calibration calibration, ForecastCase each) throws Exception {
    Target fresh = target("forecast");
    try (Connection connection = fresh.connect(fresh.executor(), "benchmark")) {
      for (String sql : each.setup()) {
        execute(connection, sql);
      }
      execute(connection, "vacuum (analyze)");
      server.execute("postgres", "checkpoint");
      Estimate predicted = predicted(fresh, calibration, each.sql());
      long began = System.nanoTime();
      execute(connection, each.sql());
      report(each.name(), predicted, (System.nanoTime() - began) / 1e6);
    }
  }

  private static Estimate predicted(Target target, Calibration calibration, String sql)
      throws Exception {
    List<Script> scripts = List.of(script(sql));
    RehearsalReport rehearsed = Rehearsal.rehearse(target, UUID.randomUUID(), scripts);
    if (rehearsed.failure() != null) {
      throw new IllegalStateException(rehearsed.summary());
    }
    TargetImpact impact =
        ImpactReader.read(target, "benchmark", scripts, rehearsed.scripts(), SETTINGS);
    return Forecast.of(rehearsed.scripts(), impact, calibration).total();
  }

  /** The error is of the actual duration, so that one that is too short cannot look better. */
  private void report(String name, Estimate predicted, double actual) {
    double error = Math.abs(predicted.medianMs() - actual) / actual;
    boolean hit = predicted.contains(actual);
    errors.add(error);
    inside += hit ? 1 : 0;
    System.out.printf(
        "| %s | %.1f | %.1f to %.1f | %.1f | %.0f %% | %s |%n",
        name,
        predicted.medianMs(),
        predicted.lowMs(),
        predicted.highMs(),
        actual,
        error * 100,
        hit ? "yes" : "no");
  }

  private Target target(String name) throws Exception {
    String url = server.createDatabase(name, USER, "benchmark");
    server.createUser(USER, "benchmark", "CREATEDB");
    Path password = Files.writeString(home.resolve("password"), "benchmark");
    Login login = new Login(USER, null, password);
    return OwnServer.target(name, url, home, login);
  }

  private static Script script(String sql) {
    Migration migration =
        new Migration(
            Migration.Kind.VERSIONED,
            Version.of("1"),
            "case",
            "V1__case.sql",
            Path.of("."),
            0,
            ScriptConfig.DEFAULT,
            ScriptText.of(sql));
    return Script.of(
        migration, new Placeholders(Map.of(), "public", USER, "forecast", "2026-01-01 00:00:00"));
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}

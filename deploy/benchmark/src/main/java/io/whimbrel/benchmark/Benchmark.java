package io.whimbrel.benchmark;

import io.whimbrel.local.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * Measures in rounds: every contender once, then all of them again. What it made is removed when it
 * ends, in whatever way.
 */
public final class Benchmark {

  private static final String USER = "benchmark";

  private final EmbeddedPostgres server;
  private final Path passwordFile;
  private final Path catalog;
  private final Options options;
  private int databases;

  private Benchmark(EmbeddedPostgres server, Path home, Options options) throws IOException {
    this.server = server;
    this.options = options;
    this.passwordFile = Files.writeString(home.resolve("password"), "benchmark");
    this.catalog = Catalog.write(home.resolve("catalog"), options.count());
  }

  public static void main(String[] arguments) throws Exception {
    Options options = Options.parse(arguments);
    if (options.targets()) {
      TargetsBenchmark.run(options);
    } else if (options.backfill()) {
      BackfillBenchmark.run(options);
    } else if (options.validation()) {
      ValidationBenchmark.run(options);
    } else if (options.forecast()) {
      ForecastBenchmark.run(options);
    } else if (options.sets() != null) {
      UndoBenchmark.run(options.sets());
    } else if (options.plan()) {
      PlanBenchmark.run(options);
    } else if (options.backup()) {
      BackupBenchmark.run(options);
    } else if (options.monitoring()) {
      MonitoringBenchmark.run(options);
    } else if (options.soak()) {
      Soak.run(options);
    } else if (options.gateway()) {
      GatewayBenchmark.run(options);
    } else {
      scripts(options);
    }
  }

  private static void scripts(Options options) throws Exception {
    Path home = Files.createTempDirectory("whimbrel-benchmark-");
    EmbeddedPostgres server = EmbeddedPostgres.durable(home);
    try {
      Benchmark benchmark = new Benchmark(server, home, options);
      System.out.printf(
          "%s, %d migrations, %d rounds, fsync on, Java %s%n%n",
          options.what(), options.count(), options.rounds(), Runtime.version());
      System.out.println(Measurements.HEAD);
      System.out.print(benchmark.rounds(false).rows("fresh"));
      System.out.print(benchmark.rounds(true).rows("warm"));
    } finally {
      server.close();
      delete(home);
    }
  }

  private Measurements rounds(boolean warm) throws Exception {
    Measurements measurements = new Measurements();
    Database applied = options.nothingToDo() ? applied() : null;
    // The first rounds of a warm process warm it up.
    int before = warm ? 2 : 0;
    for (int round = -before; round < options.rounds(); round++) {
      for (Contender contender : options.contenders()) {
        Database database = applied == null ? empty() : applied;
        long taken =
            warm ? Once.here(contender, database) : Once.inFreshProcess(contender, database);
        if (round >= 0) {
          measurements.add(contender.label(), taken);
        }
        if (applied == null) {
          drop();
        }
      }
    }
    return measurements;
  }

  private Database applied() throws Exception {
    Database database = empty();
    Contender.FLYWAY.migrate(database);
    return database;
  }

  private Database empty() {
    String name = "benchmark_" + ++databases;
    String url = server.createDatabase(name, USER, "benchmark");
    server.execute("postgres", "checkpoint");
    return new Database(url, USER, passwordFile, catalog);
  }

  private void drop() {
    server.dropDatabase("benchmark_" + databases);
  }

  static void delete(Path directory) throws IOException {
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}

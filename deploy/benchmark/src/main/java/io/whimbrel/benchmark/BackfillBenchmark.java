package io.whimbrel.benchmark;

import io.whimbrel.local.EmbeddedPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Changes every row of a table, once in batches by the engine and once with a single UPDATE, while
 * an application updates rows of it. Each time the table is new. What it made is removed when it
 * ends.
 */
final class BackfillBenchmark {

  private static final String USER = "benchmark";
  private static final String CHANGE = "update app.person set email = lower(email)";
  private static final long IDLE_NANOS = 15_000_000_000L;

  private final EmbeddedPostgres server;
  private final Database database;
  private final String url;
  private final Options options;

  private BackfillBenchmark(EmbeddedPostgres server, Path home, Options options) throws Exception {
    this.server = server;
    this.options = options;
    Path catalog = Files.createDirectories(home.resolve("catalog"));
    Files.writeString(
        catalog.resolve("V1__lower_case.sql"),
        "-- whimbrel:batch table=app.person key=id\n" + CHANGE + ";\n");
    Path password = Files.writeString(home.resolve("password"), "benchmark");
    String plain = server.createDatabase(USER, USER, "benchmark");
    this.database = new Database(plain, USER, password, catalog);
    this.url = plain + "?user=" + USER + "&password=benchmark";
  }

  static void run(Options options) throws Exception {
    Path home = Files.createTempDirectory("whimbrel-benchmark-");
    EmbeddedPostgres server = EmbeddedPostgres.durable(home);
    try {
      System.out.printf(
          "backfill, %d rows, %d rounds, 200 point updates a second, fsync on, Java %s%n%n",
          options.count(), options.rounds(), Runtime.version());
      System.out.println("| what | seconds | rows/s | p50 ms | p99 ms | slowest ms |");
      System.out.println("|---|---:|---:|---:|---:|---:|");
      BackfillBenchmark benchmark = new BackfillBenchmark(server, home, options);
      for (int round = 0; round < options.rounds(); round++) {
        benchmark.round();
      }
    } finally {
      server.close();
      try (Stream<Path> paths = Files.walk(home)) {
        for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }

  private void round() throws Exception {
    table();
    PointUpdates.Result idle = beside(BackfillBenchmark::idle);
    row("idle", idle);
    PointUpdates.Result batches = beside(() -> Engine.migrate(database, false));
    row("batches", batches);
    table();
    PointUpdates.Result single = beside(() -> execute(CHANGE));
    row("single UPDATE", single);
    System.out.printf(
        Locale.ROOT,
        "%nbatches: %.2f times the rows/s of the single UPDATE, p99 %.2f times idle;"
            + " the single UPDATE: %.0f times idle%n%n",
        single.seconds() / batches.seconds(),
        batches.p99Millis() / idle.p99Millis(),
        single.p99Millis() / idle.p99Millis());
  }

  private PointUpdates.Result beside(PointUpdates.Work work) throws Exception {
    return PointUpdates.beside(
        url, "update app.person set visits = visits + 1 where id = ?", options.count(), work);
  }

  private void row(String what, PointUpdates.Result result) {
    String rate = what.equals("idle") ? "" : "%.0f".formatted(options.count() / result.seconds());
    System.out.printf(
        Locale.ROOT,
        "| %s | %.1f | %s | %.1f | %.1f | %.1f |%n",
        what,
        result.seconds(),
        rate,
        result.p50Millis(),
        result.p99Millis(),
        result.mostMillis());
  }

  private static void idle() {
    long end = System.nanoTime() + IDLE_NANOS;
    for (long left = IDLE_NANOS; left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  /** In a schema of its own, so that the target has no tables that would have to be adopted. */
  private void table() throws SQLException {
    execute("drop schema if exists app cascade");
    execute("drop table if exists flyway_schema_history");
    execute("create schema app");
    execute(
        "create table app.person (id bigint primary key, email text not null,"
            + " visits int not null)");
    execute(
        "insert into app.person select g, 'Person' || g || '@Example.org', 0 from"
            + " generate_series(1, "
            + options.count()
            + ") g");
    execute("vacuum analyze app.person");
    server.execute("postgres", "checkpoint");
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}

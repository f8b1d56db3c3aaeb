package io.whimbrel.benchmark;

import io.whimbrel.executor.apply.History;
import io.whimbrel.executor.apply.SchemaHistory;
import io.whimbrel.executor.catalog.Catalogue;
import io.whimbrel.executor.catalog.FlywayCatalogueReader;
import io.whimbrel.executor.catalog.Script;
import io.whimbrel.executor.forecast.Calibration;
import io.whimbrel.executor.forecast.Forecasting;
import io.whimbrel.executor.plan.Concessions;
import io.whimbrel.executor.plan.PendingMigrations;
import io.whimbrel.executor.plan.Selection;
import io.whimbrel.executor.plan.Survey;
import io.whimbrel.executor.planning.Budgeted;
import io.whimbrel.executor.planning.Findings;
import io.whimbrel.executor.planning.Prospect;
import io.whimbrel.executor.planning.Scripts;
import io.whimbrel.executor.rehearsal.Rehearsal;
import io.whimbrel.executor.rehearsal.RehearsalLimits;
import io.whimbrel.executor.reversal.WayBack;
import io.whimbrel.local.EmbeddedPostgres;
import io.whimbrel.target.Login;
import io.whimbrel.target.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Plans migrations that are pending on a target of 200 tables: what an executor finds out of them
 * within its budget, and how long that takes. The target is calibrated, as it is from its second
 * plan on. The first round of a process is slower than those that follow.
 */
final class PlanBenchmark {
  private static final String USER = "plan_benchmark";
  private static final int TABLES = 200;
  private static final Duration BUDGET = Duration.ofSeconds(15);

  private final EmbeddedPostgres server;
  private final Path home;
  private final Path catalog;
  private final ExecutorService workers = Executors.newCachedThreadPool();

  private PlanBenchmark(EmbeddedPostgres server, Path home) throws IOException {
    this.server = server;
    this.home = home;
    this.catalog = Files.createDirectory(home.resolve("catalog"));
  }

  static void run(Options options) throws Exception {
    OwnServer.with(
        (server, home) -> new PlanBenchmark(server, home).run(options.count(), options.rounds()));
  }

  private void run(int count, int rounds) throws Exception {
    Target target = target();
    System.out.printf(
        "plan, %d pending migrations, %d rounds, budget %d s, fsync on, Java %s%n%n",
        count, rounds, BUDGET.toSeconds(), Runtime.version());
    System.out.println("| round | seconds | rehearsed | risks | ways back | drift | not known |");
    System.out.println("|---|---:|---:|---:|---|---|---|");
    write(count);
    for (int round = 1; round <= rounds; round++) {
      once(round, target);
    }
    workers.shutdownNow();
  }

  private void once(int round, Target target) throws Exception {
    long began = System.nanoTime();
    UUID plan = UUID.randomUUID();
    Prospect prospect = prospect(target);
    Budgeted budget = new Budgeted(workers, BUDGET);
    Findings found =
        Findings.of(
            prospect,
            plan,
            budget,
            wanted ->
                Rehearsal.rehearse(
                    target,
                    plan,
                    prospect.withCallbacks(),
                    new RehearsalLimits(Duration.ofSeconds(30), Duration.ofMinutes(5), wanted)),
            patience -> new Forecasting.Known(Calibration.DEFAULTS, null));
    double seconds = (System.nanoTime() - began) / 1e9;
    Map<WayBack.Verdict, Integer> verdicts = new TreeMap<>();
    found.waysBack().forEach(way -> verdicts.merge(way.verdict(), 1, Integer::sum));
    System.out.printf(
        "| %d | %.1f | %d | %d | %s | %s | %s |%n",
        round,
        seconds,
        found.rehearsal().scripts().size(),
        found.risks().size(),
        verdicts,
        found.drift() == null ? "not looked at" : found.drift().state(),
        budget.unknown());
  }

  private static Prospect prospect(Target target) throws Exception {
    Catalogue catalogue = new FlywayCatalogueReader().read(target.catalog());
    var current = new Scripts.Current(catalogue, Scripts.placeholders(target));
    History history;
    try (Connection connection = target.connect(target.executor(), "benchmark")) {
      history = new SchemaHistory(target).readWithFailures(connection);
    }
    Survey survey =
        new PendingMigrations(catalogue, history, current.placeholders())
            .survey(new Selection.All(), Concessions.NONE);
    List<Script> ready = survey.migrations().stream().map(current::script).toList();
    return new Prospect(target, current, history, survey, ready);
  }

  private Target target() throws Exception {
    String url = server.createDatabase("plan_benchmark", USER, "benchmark");
    server.createUser(USER, "benchmark", "CREATEDB");
    Path password = Files.writeString(home.resolve("password"), "benchmark");
    StringBuilder start = new StringBuilder();
    for (int i = 0; i < TABLES; i++) {
      start.append(
          ("create table e%d (id bigint primary key, name text, n int);%n"
                  + "insert into e%d select i, 'name ' || i, i from generate_series(1, 100) i;%n")
              .formatted(i, i));
    }
    Files.writeString(catalog.resolve("V000000__start.sql"), start);
    Contender.WHIMBREL.migrate(new Database(url, USER, password, catalog));
    Login login = new Login(USER, null, password);
    return OwnServer.target("plan", url, catalog, login);
  }

  private void write(int count) throws IOException {
    for (int i = 1; i <= count; i++) {
      Files.writeString(catalog.resolve("V%06d__step_%d.sql".formatted(i, i)), text(i));
    }
  }

  /** Tables, and columns, indexes, keys and rows of those that are there. */
  private static String text(int number) {
    String there = "e" + (number * 7 % TABLES);
    return switch (number % 5) {
      case 0 ->
          "create table t%d (id bigint primary key, name text not null, there bigint);%n"
              .formatted(number)
              .concat("create index on t%d (name);%n".formatted(number));
      case 1 -> "alter table %s add column note_%d text;%n".formatted(there, number);
      case 2 -> "create index i%d on %s (n, id);%n".formatted(number, there);
      case 3 ->
          "update %s set n = n + 1 where id %% 10 = 3;%n"
              .formatted(there)
              .concat("alter table %s add check (n >= %d);%n".formatted(there, -number));
      default ->
          "create table k%d (id bigint primary key, there bigint references %s);%n"
              .formatted(number, there);
    };
  }
}

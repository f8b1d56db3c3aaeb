package io.whimbrel.benchmark;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.whimbrel.event.Phase;
import io.whimbrel.event.TableName;
import io.whimbrel.local.EmbeddedPostgres;
import io.whimbrel.target.Login;
import io.whimbrel.target.Target;
import io.whimbrel.validation.check.CheckConfig;
import io.whimbrel.validation.check.PluginLooks;
import io.whimbrel.validation.check.StrictnessConfig;
import io.whimbrel.validation.check.Validation;
import io.whimbrel.validation.report.Reach;
import io.whimbrel.validation.report.Report;
import io.whimbrel.validation.report.Subject;
import io.whimbrel.validation.report.Wish;
import io.whimbrel.validation.rule.Mode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/**
 * Six questions about a child table and its parent, a tenth of its size: a reference, a NOT NULL,
 * two checks, a range and a unique key, none of which PostgreSQL guarantees. Asked by the
 * validation service; by the best SQL known for the whole set; and question by question, as the
 * tests of common data tools ask them. There is nothing to find, which is the usual case and the
 * longest way.
 */
final class ValidationBenchmark {
  private static final long IDLE_MILLIS = 5_000;
  private static final String USER = "validation_benchmark";
  private static final List<String> RULES =
      List.of(
          "fk_integrity",
          "not_null_constraints",
          "check_constraints",
          "data_range_validation",
          "duplicate_data");

  private static final String TABLES =
      """
      create table parent (id int primary key, name text);
      insert into parent select n, 'parent ' || n from generate_series(1, %2$d) as n;
      create table child (id bigint primary key, parent_id int, state text, amount int, code text);
      insert into child
        select n, 1 + n %% %2$d, 'open', n %% 1000, md5(n::text) from generate_series(1, %1$d) as n;
      alter table child add foreign key (parent_id) references parent not valid,
        add check (state is not null) not valid, add check (amount >= 0) not valid,
        add check (length(state) < 20) not valid;
      """;

  private static final String DECLARED =
      """
      data_range_validation: [ { table: child, column: amount, max: 1000 } ]
      duplicate_data: [ { table: child, columns: [code] } ]
      """;

  /** The best known by hand: one pass, an anti-join, and a hash of each key. */
  private static final List<String> BY_HAND =
      List.of(
          """
          select count(*) filter (where state is null), count(*) filter (where not amount >= 0),
                 count(*) filter (where not length(state) < 20), count(*) filter (where amount > 1000)
            from child
          """,
          """
          select count(*) from child as c
           where c.parent_id is not null
             and not exists (select from parent as p where p.id = c.parent_id)
          """,
          """
          select count(*) from (
            select hashtextextended(code, 0) as h from child where code is not null
             group by 1 having count(*) > 1) as d
          """);

  /** A query for each question, as generators of data tests write them. */
  private static final List<String> ONE_BY_ONE =
      List.of(
          "select count(*) from (select * from child where state is null) as failures",
          "select count(*) from (select * from child where not (amount >= 0)) as failures",
          "select count(*) from (select * from child where not (length(state) < 20)) as failures",
          "select count(*) from (select * from child where amount > 1000) as failures",
          """
          select count(*) from (
            select c.parent_id from child as c left join parent as p on c.parent_id = p.id
             where c.parent_id is not null and p.id is null) as failures
          """,
          """
          select count(*) from (
            select code, count(*) as n from child where code is not null
             group by code having count(*) > 1) as failures
          """);

  private final EmbeddedPostgres server;
  private final Path home;

  private ValidationBenchmark(EmbeddedPostgres server, Path home) {
    this.server = server;
    this.home = home;
  }

  static void run(Options options) throws Exception {
    OwnServer.with(
        (server, home) ->
            new ValidationBenchmark(server, home).run(options.count(), options.rounds()));
  }

  private void run(int rows, int rounds) throws Exception {
    System.out.printf(
        "validation, child of %d rows, parent of %d, %d rounds, Java %s%n%n",
        rows, rows / 10, rounds, Runtime.version());
    System.out.println(Measurements.HEAD);
    Target large = target("large", TABLES.formatted(rows, rows / 10), DECLARED);
    Measurements six = new Measurements();
    for (int round = -1; round < rounds; round++) {
      boolean counts = round >= 0;
      add(six, counts, Measurements.WHIMBREL, () -> look(large, Reach.TABLES, RULES));
      add(six, counts, "best by hand", () -> ask(large, BY_HAND));
      add(six, counts, "one by one", () -> ask(large, ONE_BY_ONE));
      add(six, counts, "a bare count", () -> ask(large, List.of("select count(*) from child")));
    }
    System.out.print(six.rows("six rules"));
    workload(large, rows);

    Target many = target("many", manyTables(1000), "");
    Measurements small = new Measurements();
    for (int round = -1; round < rounds; round++) {
      add(small, round >= 0, Measurements.WHIMBREL, () -> look(many, Reach.DATABASE, List.of()));
    }
    System.out.print(small.rows("1,000 tables"));
  }

  /** An application that updates rows of the child, alone and beside a validation of it. */
  private void workload(Target target, int rows) throws Exception {
    PointUpdates.Result idle = beside(target, rows, () -> Thread.sleep(IDLE_MILLIS));
    PointUpdates.Result looked = beside(target, rows, () -> look(target, Reach.TABLES, RULES));
    System.out.printf(
        "%npoint updates, p99: %.1f ms idle, %.1f ms beside a validation of %.1f s%n%n",
        idle.p99Millis(), looked.p99Millis(), looked.seconds());
  }

  private PointUpdates.Result beside(Target target, int rows, PointUpdates.Work work)
      throws Exception {
    return PointUpdates.beside(
        server.superuserUrl(target.name()),
        "update child set amount = amount where id = ?",
        rows,
        work);
  }

  private interface Work {
    void run() throws Exception;
  }

  private static void add(Measurements measurements, boolean counts, String who, Work work)
      throws Exception {
    long start = System.nanoTime();
    work.run();
    if (counts) {
      measurements.add(who, System.nanoTime() - start);
    }
  }

  private Target target(String name, String tables, String declared) throws Exception {
    Path catalog = home.resolve(name);
    Path rules = Files.createDirectories(catalog.resolve("rules"));
    Files.writeString(rules.resolve("benchmark.yaml"), declared);
    Path password = Files.writeString(home.resolve(name + "-password"), "benchmark");
    String url = server.createDatabase(name, USER, "benchmark");
    server.execute(name, tables);
    server.execute(name, "grant select on all tables in schema public to " + USER);
    server.execute(name, "vacuum analyze");
    Login login = new Login(USER, null, password);
    return OwnServer.target(name, url, catalog, login);
  }

  private static String manyTables(int count) {
    StringBuilder sql = new StringBuilder();
    for (int i = 0; i < count; i++) {
      sql.append(
          """
          create table t%1$d (id int primary key, up int, n int not null, at timestamptz);
          insert into t%1$d select n, 1, n, now() from generate_series(1, 100) as n;
          alter table t%1$d add foreign key (up) references t%2$d not valid,
            add check (n > 0) not valid;
          """
              .formatted(i, Math.max(0, i - 1)));
    }
    return sql.toString();
  }

  private static void look(Target target, Reach reach, List<String> rules) throws SQLException {
    List<TableName> tables =
        reach == Reach.DATABASE ? List.of() : List.of(new TableName("public", "child"));
    Wish wish = new Wish(reach, rules, List.of("data_integrity"), Mode.QUICK, false, null);
    Report report =
        new Validation(new Defaults(), new Lenient(), PluginLooks.none(), new SimpleMeterRegistry())
            .look(
                target,
                new Subject(UUID.randomUUID(), null, Phase.TARGETED, target.name(), tables, wish));
    if (!report.valid() || report.summary().warnings() > 0) {
      throw new IllegalStateException("There was nothing to find, but: " + report.results());
    }
  }

  private void ask(Target target, List<String> queries) throws SQLException {
    try (Connection connection = DriverManager.getConnection(server.superuserUrl(target.name()));
        Statement statement = connection.createStatement()) {
      for (String query : queries) {
        statement.executeQuery(query).close();
      }
    }
  }

  /** As a service without settings has it. */
  private record Defaults() implements CheckConfig {
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
      return Duration.ofMinutes(5);
    }

    @Override
    public Duration lockTimeout() {
      return Duration.ofSeconds(5);
    }

    @Override
    public int connections() {
      return 2;
    }

    @Override
    public int targetConnections() {
      return 6;
    }

    @Override
    public List<String> categories() {
      return List.of("data_integrity");
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

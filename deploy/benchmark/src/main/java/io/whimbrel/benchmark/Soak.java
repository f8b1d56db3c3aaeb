package io.whimbrel.benchmark;

import io.whimbrel.local.LocalStack;
import io.whimbrel.local.ServiceProcess;
import io.whimbrel.local.StackOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/**
 * The whole suite for a while: so many requests a minute, while its services are stopped and killed
 * at random and started again. At the end nothing may be lost or done twice, and the figures of the
 * monitoring service have to be those of the executor. One request in seven only validates, one in
 * twenty asks for a migration that is not there.
 */
final class Soak {
  private static final int TARGETS = 10;
  private static final Duration SETTLE = Duration.ofMinutes(2);
  private static final Duration BETWEEN_RESTARTS = Duration.ofSeconds(25);

  private final LocalStack stack;
  private final Options options;
  private final Random random;
  private final SoakCalls calls;
  private final SoakMemory memory;
  private final List<Path> catalogs = new ArrayList<>();
  private final int[] scripts = new int[TARGETS];
  private final Map<String, String> expected = new LinkedHashMap<>();
  private int restarts;

  private Soak(LocalStack stack, Options options, long seed) throws Exception {
    this.stack = stack;
    this.options = options;
    this.random = new Random(seed);
    this.calls = new SoakCalls(stack.gatewayUrl(), stack.token("admin"));
    this.memory = new SoakMemory(stack.services());
    for (int i = 0; i < TARGETS; i++) {
      catalogs.add(Files.createDirectories(stack.home().resolve("soak/" + target(i))));
      stack.createTarget(target(i), List.of(catalogs.get(i)));
    }
  }

  static void run(Options options) throws Exception {
    long seed = System.nanoTime();
    System.out.printf(
        "soak, %d requests a minute for %d minutes, restarts by seed %d, fsync on, Java %s%n%n",
        options.count(), options.rounds(), seed, Runtime.version());
    try (LocalStack stack = LocalStack.start(StackOptions.temporary())) {
      new Soak(stack, options, seed).run();
    }
  }

  private void run() throws Exception {
    Thread restarting = new Thread(this::restartAtRandom, "restarts");
    restarting.start();
    long period = Duration.ofMinutes(1).toNanos() / options.count();
    long next = System.nanoTime();
    for (int i = 0; i < options.count() * options.rounds(); i++) {
      while (System.nanoTime() < next) {
        LockSupport.parkNanos(next - System.nanoTime());
      }
      next += period;
      request(i);
      memory.sample();
    }
    restarting.interrupt();
    restarting.join();
    for (ServiceProcess service : stack.services()) {
      service.start();
      service.awaitReady();
    }
    report();
  }

  /** A script is there before it is asked for, and each asks for one. */
  private void request(int number) throws Exception {
    int target = number % TARGETS;
    if (number % 20 == 19) {
      expected.put(calls.execute(target(target), "NoSuchMigration"), "REJECTED");
    } else if (number % 7 == 6) {
      expected.put(calls.validate(target(target)), "COMPLETED");
    } else {
      int version = ++scripts[target];
      Path script = catalogs.get(target).resolve("V%d__Soak.sql".formatted(version));
      Path draft = Files.writeString(script.resolveSibling("draft"), sql(version));
      Files.move(draft, script);
      expected.put(calls.execute(target(target), null), "COMPLETED");
    }
  }

  private static String sql(int version) {
    return "create table t_%1$d (id int primary key); insert into t_%1$d values (1);"
        .formatted(version);
  }

  private void restartAtRandom() {
    List<ServiceProcess> services = List.copyOf(stack.services());
    while (!Thread.currentThread().isInterrupted()) {
      LockSupport.parkNanos((long) (BETWEEN_RESTARTS.toNanos() * (0.5 + random.nextDouble())));
      if (Thread.currentThread().isInterrupted()) {
        return;
      }
      ServiceProcess service = services.get(random.nextInt(services.size()));
      if (random.nextBoolean()) {
        service.kill();
      } else {
        service.stop();
      }
      service.start();
      restarts++;
    }
  }

  private void report() throws Exception {
    Map<String, String> ended = calls.awaitEnds(expected.keySet(), SETTLE);
    List<String> otherwise = new ArrayList<>();
    expected.forEach(
        (run, state) -> {
          if (!state.equals(ended.get(run))) {
            otherwise.add(run + " is " + ended.getOrDefault(run, "lost"));
          }
        });
    long applied = 0;
    long rows = 0;
    long wanted = 0;
    for (int i = 0; i < TARGETS; i++) {
      wanted += scripts[i];
      applied +=
          number(
              target(i),
              "select count(*) from flyway_schema_history where success and version <> '0'");
      rows += number(target(i), rowsOf(scripts[i]));
    }
    boolean figures = calls.awaitTotal(expected.size(), SETTLE);
    String audited = "select count(*) from audit_entry where outcome = 'REQUESTED'";
    System.out.println("| what | |\n|---|---:|");
    row("requests accepted", expected.size());
    row("restarts of services", restarts);
    row("runs that did not end as they should", otherwise.size());
    row("scripts, and of them applied, with one row each", wanted + ", " + applied + ", " + rows);
    row("runs in the figures of the monitoring service", calls.total());
    row("requests in the audit trail", number("monitoring", audited));
    row("the audit trail verifies", calls.auditVerifies());
    row("dead letters", number("monitoring", "select count(*) from dead_letter"));
    memory.lines().forEach(line -> row(line.name(), line.text()));
    otherwise.forEach(System.out::println);
    if (!otherwise.isEmpty() || applied != wanted || rows != wanted || !figures) {
      throw new IllegalStateException("The soak has found something; see above");
    }
  }

  /** Every table has one row, so that what was applied twice would show. */
  private static String rowsOf(int scripts) {
    StringBuilder sql = new StringBuilder("select 0");
    for (int version = 1; version <= scripts; version++) {
      sql.append(" + (select count(*) from t_").append(version).append(')');
    }
    return sql.toString();
  }

  private long number(String database, String sql) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(stack.postgres().superuserUrl(database));
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }

  private static String target(int number) {
    return "soak-" + number;
  }

  private static void row(String what, Object value) {
    System.out.printf(Locale.ROOT, "| %s | %s |%n", what, value);
  }
}

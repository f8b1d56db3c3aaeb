package io.whimbrel.benchmark;

import io.whimbrel.local.LocalStack;
import io.whimbrel.local.StackOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Five small migrations for each of many targets: through the migration executor as a service, with
 * a request per target on Kafka, its state and its events; and by others in threads of one process.
 * The time is that of all targets divided by their number. The databases are there before.
 */
final class TargetsBenchmark {

  private static final int MIGRATIONS = 5;

  // As many targets at once as the executor works on by its own default.
  private static final int PARALLEL = 8;

  // Much quicker than a new database, and each contender begins with the same.
  private static final String EMPTY =
      """
      drop schema public cascade;
      drop schema if exists whimbrel cascade;
      create schema public authorization %s
      """
          .formatted(LocalStack.MIGRATOR);

  private final LocalStack stack;
  private final Path passwordFile;
  private final Path catalog;
  private final Options options;
  private final List<String> targets = new ArrayList<>();

  private TargetsBenchmark(LocalStack stack, Options options) throws Exception {
    this.stack = stack;
    this.options = options;
    this.passwordFile =
        Files.writeString(stack.home().resolve("password"), stack.migratorPassword());
    this.catalog = Catalog.write(stack.home().resolve("small"), MIGRATIONS);
    for (int i = 0; i < options.count(); i++) {
      String name = "target-" + i;
      stack.createTarget(name, List.of(catalog));
      targets.add(name);
    }
  }

  static void run(Options options) throws Exception {
    try (LocalStack stack = LocalStack.start(StackOptions.temporary().executorAlone());
        ExecutorClient executor = new ExecutorClient(stack.kafka().bootstrapServers())) {
      System.out.printf(
          "%s, %d targets of %d migrations, %d rounds, fsync on, Java %s, per target%n%n",
          options.what(), options.count(), MIGRATIONS, options.rounds(), Runtime.version());
      System.out.println(Measurements.HEAD);
      System.out.print(new TargetsBenchmark(stack, options).rounds(executor).rows("warm"));
    }
  }

  private Measurements rounds(ExecutorClient executor) throws Exception {
    Measurements measurements = new Measurements();
    // The first round warms up.
    for (int round = -1; round < options.rounds(); round++) {
      boolean counts = round >= 0;
      measure(measurements, counts, "floor, 8 threads", all -> threads(PARALLEL, all, false));
      measure(measurements, counts, Measurements.WHIMBREL, executor::migrate);
      measure(measurements, counts, "flyway, 1 thread", all -> threads(1, all, true));
      measure(measurements, counts, "flyway, 4 threads", all -> threads(4, all, true));
    }
    return measurements;
  }

  private void measure(Measurements measurements, boolean counts, String who, Work work)
      throws Exception {
    for (String target : targets) {
      stack.postgres().execute(target, EMPTY);
    }
    stack.postgres().execute("postgres", "checkpoint");
    long began = System.nanoTime();
    work.on(targets);
    if (counts) {
      measurements.add(who, (System.nanoTime() - began) / targets.size());
    }
  }

  private void threads(int number, List<String> names, boolean flyway) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(number);
    try {
      List<Future<?>> all = new ArrayList<>();
      for (String name : names) {
        Database database =
            new Database(stack.postgres().url(name), LocalStack.MIGRATOR, passwordFile, catalog);
        Contender contender = flyway ? Contender.FLYWAY : Contender.FLOOR;
        all.add(
            threads.submit(
                () -> {
                  contender.migrate(database);
                  return null;
                }));
      }
      for (Future<?> one : all) {
        one.get();
      }
    } finally {
      threads.shutdown();
    }
  }

  /** Brings all targets up to date. */
  private interface Work {
    void on(List<String> targets) throws Exception;
  }
}

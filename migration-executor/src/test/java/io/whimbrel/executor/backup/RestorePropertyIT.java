package io.whimbrel.executor.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever the schema, and whatever was done to it: a restore gives back what the backup saw. To
 * see one case again, give its seed with {@code -Dbackup.seed}.
 */
class RestorePropertyIT {
  private static final int SCHEMAS = 25;
  private static final int DAMAGES = 20;
  private static final int WORKERS = 2;

  @TempDir Path directory;

  @Test
  void anyDamageToAnySchemaIsTakenBack() throws Exception {
    Long seed = Long.getLong("backup.seed");
    Queue<Long> seeds =
        LongStream.range(0, SCHEMAS)
            .boxed()
            .filter(one -> seed == null || one.equals(seed))
            .collect(Collectors.toCollection(ConcurrentLinkedQueue::new));
    Queue<String> wrong = new ConcurrentLinkedQueue<>();
    var cases = new AtomicInteger();
    List<Callable<Void>> work =
        Collections.nCopies(
            WORKERS,
            () -> {
              // Each has a database of its own, as a restore reads the whole structure.
              TestDatabase database = TestDatabase.create();
              for (Long one = seeds.poll(); one != null; one = seeds.poll()) {
                check(database, one, cases).ifPresent(wrong::add);
              }
              return null;
            });
    ExecutorService pool = Executors.newFixedThreadPool(WORKERS);
    try {
      for (Future<Void> done : pool.invokeAll(work)) {
        done.get();
      }
    } finally {
      pool.shutdown();
    }
    assertThat(wrong).isEmpty();
    assertThat(cases).hasValue((seed == null ? SCHEMAS : 1) * DAMAGES);
  }

  /** One backup takes back one damage after the other, as each restore ends where it began. */
  private Optional<String> check(TestDatabase database, long seed, AtomicInteger cases)
      throws Exception {
    var schema = new GeneratedSchema(seed);
    database.run(schema.creation().toArray(String[]::new));
    Trial trial =
        Trial.of(
            database,
            List.of(GeneratedSchema.NAME),
            schema.tables(),
            directory.resolve("seed" + seed));
    for (int i = 0; i < DAMAGES; i++) {
      List<String> script = schema.damage();
      try {
        trial.restore(trial.damage(script, true));
        trial.isAsBefore();
        cases.incrementAndGet();
      } catch (SQLException | RestoreFailed | WrittenByOthers | AssertionError e) {
        return Optional.of("seed %d, damage %d, %s: %s".formatted(seed, i, script, e));
      }
    }
    return Optional.empty();
  }
}

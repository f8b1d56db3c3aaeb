package io.whimbrel.executor.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * While others write, during the backup and during the restore, nothing that was committed to them
 * is lost unless someone has accepted that.
 */
class WritersDuringRollbackIT {
  @TempDir Path directory;

  /**
   * @param each of how many rows the script changes one
   * @param perSecond how many rows the writer writes at most
   */
  @ParameterizedTest
  @CsvSource({"2000, 12, 2, 1000000", "2000000, 3, 100, 500"})
  void nothingCommittedIsLostWithoutConsent(int rows, int rounds, int each, int perSecond)
      throws Exception {
    TestDatabase database = TestDatabase.create();
    database.run(
        "CREATE TABLE counters (id int PRIMARY KEY, n int NOT NULL DEFAULT 0, more text)",
        "INSERT INTO counters SELECT i FROM generate_series(1, " + rows + ") i",
        "CREATE TABLE written (at serial PRIMARY KEY, id int REFERENCES counters)");
    int given = 0;
    int refused = 0;
    try (var writer = new Writer(database, rows, perSecond)) {
      for (int round = 0; round < rounds; round++) {
        boolean quiet = round % 3 == 0;
        if (round % 3 != 2) {
          writer.rests();
        }
        Trial trial =
            Trial.of(
                database,
                List.of("public"),
                List.of(Shop.table("counters")),
                directory.resolve("round" + round));
        writer.rests();
        Recorded recorded = trial.damage(List.of(script(round, each)), false);
        if (!quiet) {
          writer.works();
        }
        if (restored(trial, recorded)) {
          given++;
          assertThat(database.rows("SELECT count(*) FROM counters WHERE more IS NOT NULL"))
              .containsExactly("0");
        } else {
          refused++;
          database.run("UPDATE counters SET more = NULL");
        }
        writer.works();
      }
      writer.rests();
      assertThat((Object) writer.failure).isNull();
      assertThat(database.rows("SELECT sum(n) FROM counters"))
          .containsExactly(String.valueOf(writer.committed.get()));
    }
    assertThat(given).isGreaterThanOrEqualTo(rounds / 3);
    assertThat(refused).isPositive();
  }

  private static String script(int round, int each) {
    return "UPDATE counters SET more = 'round %d' WHERE id %% %d = 0".formatted(round, each);
  }

  /** Whether the restore went through; if not, it has changed nothing. */
  private static boolean restored(Trial trial, Recorded recorded) throws Exception {
    try {
      trial.restore(recorded);
      return true;
    } catch (WrittenByOthers e) {
      return false;
    }
  }

  /** Counts up, one row after the other, each in a transaction of its own. */
  private static final class Writer implements AutoCloseable {
    private final Connection connection;
    private final int rows;
    private final long pauseNanos;
    private final Thread thread;
    private final AtomicInteger committed = new AtomicInteger();
    private volatile boolean ended;
    private volatile boolean resting;
    private volatile boolean idle;
    private volatile @Nullable SQLException failure;

    Writer(TestDatabase database, int rows, int perSecond) throws SQLException {
      this.connection = database.open();
      this.rows = rows;
      this.pauseNanos = 1_000_000_000L / perSecond;
      this.thread = new Thread(this::write, "writer");
      thread.start();
    }

    private void write() {
      try (PreparedStatement update =
          connection.prepareStatement("UPDATE counters SET n = n + 1 WHERE id = ?")) {
        while (!ended) {
          if (resting) {
            idle = true;
            Thread.onSpinWait();
            continue;
          }
          long began = System.nanoTime();
          update.setInt(1, 1 + committed.get() % rows);
          update.executeUpdate();
          committed.incrementAndGet();
          LockSupport.parkNanos(began + pauseNanos - System.nanoTime());
        }
      } catch (SQLException e) {
        failure = e;
      }
    }

    /** Returns once at least one more write is committed. */
    void works() {
      int before = committed.get();
      idle = false;
      resting = false;
      while (committed.get() == before && failure == null) {
        Thread.onSpinWait();
      }
    }

    /** Returns once no write is under way. */
    void rests() {
      idle = false;
      resting = true;
      while (!idle && failure == null) {
        Thread.onSpinWait();
      }
    }

    @Override
    public void close() throws SQLException {
      ended = true;
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      connection.close();
    }
  }
}

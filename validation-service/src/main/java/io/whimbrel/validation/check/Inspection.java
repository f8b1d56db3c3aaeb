package io.whimbrel.validation.check;

import io.whimbrel.validation.rule.Look;
import io.whimbrel.validation.rule.Outcome;
import io.whimbrel.validation.rule.Reading;
import io.whimbrel.validation.rule.Sampling;
import io.whimbrel.validation.rule.Table;
import io.whimbrel.validation.rule.TargetReader;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All looks of a report, read over a few connections from one snapshot, the largest tables first.
 * When one of them fails in a way that concerns the whole, the others are broken off and nothing
 * has been learned.
 */
final class Inspection {
  private static final long KEEP_SECONDS = 10;
  private static final String ADMIN_SHUTDOWN = "57P01";

  private final Snapshot snapshot;
  private final Queue<Reading> queue;
  private final int connections;
  private final Map<Look, Outcome> outcomes = Collections.synchronizedMap(new IdentityHashMap<>());
  private final Set<TargetReader> readers = ConcurrentHashMap.newKeySet();

  Inspection(Snapshot snapshot, List<Look> looks, @Nullable Sampling sampling, int connections) {
    this.snapshot = snapshot;
    List<Reading> readings =
        Reading.of(looks, sampling).stream()
            .sorted(Comparator.comparingLong(Inspection::rows).reversed())
            .toList();
    this.queue = new ConcurrentLinkedQueue<>(readings);
    this.connections = Math.min(connections, readings.size());
  }

  /** The outcome of each look, by identity. */
  Map<Look, Outcome> run() throws SQLException {
    ExecutorService threads = Executors.newFixedThreadPool(Math.max(1, connections));
    try {
      List<Future<?>> work =
          Stream.<Future<?>>generate(() -> threads.submit(this::drain)).limit(connections).toList();
      for (Future<?> part : work) {
        await(part);
      }
      return outcomes;
    } finally {
      threads.shutdown();
    }
  }

  private Void drain() throws SQLException {
    try (Connection connection = snapshot.connect()) {
      TargetReader reader = new TargetReader(connection, snapshot.name());
      readers.add(reader);
      for (Reading next = queue.poll(); next != null; next = queue.poll()) {
        reader.read(next, outcomes);
      }
      reader.finish();
      readers.remove(reader);
      return null;
    }
  }

  private void await(Future<?> part) throws SQLException {
    while (true) {
      try {
        part.get(KEEP_SECONDS, TimeUnit.SECONDS);
        return;
      } catch (TimeoutException e) {
        keep();
      } catch (ExecutionException e) {
        breakOff();
        if (e.getCause() instanceof SQLException cause) {
          throw cause;
        }
        throw new IllegalStateException("A reading failed", e.getCause());
      } catch (InterruptedException e) {
        breakOff();
        Thread.currentThread().interrupt();
        throw new SQLException("the service is stopping", ADMIN_SHUTDOWN, e);
      }
    }
  }

  private void keep() throws SQLException {
    try {
      snapshot.keep();
    } catch (SQLException e) {
      breakOff();
      throw e;
    }
  }

  private void breakOff() throws SQLException {
    queue.clear();
    for (TargetReader reader : readers) {
      reader.cancel();
    }
  }

  private static long rows(Reading reading) {
    Table table = reading.table();
    return table == null ? 0 : table.rows();
  }
}

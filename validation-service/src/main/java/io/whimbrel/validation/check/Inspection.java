package io.whimbrel.validation.check;

import io.whimbrel.validation.rule.Look;
import io.whimbrel.validation.rule.Outcome;
import io.whimbrel.validation.rule.Reading;
import io.whimbrel.validation.rule.Table;
import io.whimbrel.validation.rule.TargetReader;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
 * has been learned. While the target is under pressure no reading begins.
 */
final class Inspection {
  private static final long LOOK_SECONDS = 1;
  private static final String ADMIN_SHUTDOWN = "57P01";

  private final Snapshot snapshot;
  private final Queue<Reading> queue;
  private final Progress progress;
  private final Brake brake = new Brake();
  private final int connections;
  private final Map<Look, Outcome> outcomes = Collections.synchronizedMap(new IdentityHashMap<>());
  private final Set<TargetReader> readers = ConcurrentHashMap.newKeySet();

  Inspection(Snapshot snapshot, List<Reading> readings, Progress progress, int connections) {
    this.snapshot = snapshot;
    this.progress = progress;
    this.queue =
        new ConcurrentLinkedQueue<>(
            readings.stream()
                .sorted(Comparator.comparingLong(Inspection::rows).reversed())
                .toList());
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

  private Void drain() throws SQLException, InterruptedException {
    try (Connection connection = snapshot.connect()) {
      TargetReader reader = new TargetReader(connection, snapshot.name());
      readers.add(reader);
      for (Reading next = next(reader); next != null; next = next(reader)) {
        reader.read(next, outcomes);
        progress.done(next);
      }
      reader.finish();
      readers.remove(reader);
      return null;
    }
  }

  /** A reader that is held up holds no lock. */
  private @Nullable Reading next(TargetReader reader) throws SQLException, InterruptedException {
    if (brake.isOn()) {
      reader.finish();
      brake.await();
    }
    return queue.poll();
  }

  private void await(Future<?> part) throws SQLException {
    while (true) {
      try {
        part.get(LOOK_SECONDS, TimeUnit.SECONDS);
        return;
      } catch (TimeoutException e) {
        lookAtPressure();
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

  private void lookAtPressure() throws SQLException {
    try {
      Optional<String> pressure = snapshot.pressure();
      brake.set(pressure.isPresent());
      progress.paused(pressure.orElse(null));
    } catch (SQLException e) {
      breakOff();
      throw e;
    }
  }

  private void breakOff() throws SQLException {
    queue.clear();
    brake.set(false);
    for (TargetReader reader : readers) {
      reader.cancel();
    }
  }

  private static long rows(Reading reading) {
    Table table = reading.table();
    return table == null ? 0 : table.rows();
  }
}

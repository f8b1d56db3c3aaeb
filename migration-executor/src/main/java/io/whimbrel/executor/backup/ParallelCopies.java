package io.whimbrel.executor.backup;

import io.whimbrel.executor.backup.BackupManifest.Column;
import io.whimbrel.executor.backup.BackupManifest.Table;
import io.whimbrel.executor.schema.SchemaSnapshot;
import io.whimbrel.executor.schema.SchemaUnreadable;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Copies the tables of a snapshot, several at a time, each worker on a connection of its own that
 * is closed afterwards. The first failure stops all.
 */
final class ParallelCopies {
  private final Connector connector;
  private final SourceSnapshot snapshot;
  private final BackupPlace.Draft draft;
  private final Encryption encryption;
  private final AtomicInteger next = new AtomicInteger();
  private final CopyProgress progress;
  private final Set<Connection> open = ConcurrentHashMap.newKeySet();
  private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

  ParallelCopies(
      Connector connector,
      SourceSnapshot snapshot,
      BackupPlace.Draft draft,
      Encryption encryption,
      BackupListener listener) {
    this.connector = connector;
    this.snapshot = snapshot;
    this.draft = draft;
    this.encryption = encryption;
    this.progress = new CopyProgress(snapshot, listener);
  }

  /** What was copied: the tables in the snapshot's order and the structure, in both its forms. */
  record Result(List<Table> tables, String schema, Structure structure) {}

  Result run(int workers) throws SQLException, IOException, BackupFailed, SchemaUnreadable {
    var tables = new AtomicReferenceArray<Table>(snapshot.shapes().size());
    var structure = new CompletableFuture<Result>();
    var work = new ArrayList<Callable<Void>>();
    work.add(worker(connection -> structure.complete(structure(connection))));
    for (int i = 0; i < workers; i++) {
      work.add(worker(connection -> copies(connection, tables)));
    }
    ExecutorService pool = Executors.newFixedThreadPool(workers);
    try {
      pool.invokeAll(work);
    } catch (InterruptedException e) {
      stop(new BackupFailed(BackupFailed.Reason.CANCELLED, "the backup was interrupted", e));
      Thread.currentThread().interrupt();
    } finally {
      pool.shutdown();
    }
    throwFailure();
    var copied = new ArrayList<Table>();
    for (int i = 0; i < tables.length(); i++) {
      copied.add(tables.get(i));
    }
    Result read = structure.join();
    return new Result(copied, read.schema(), read.structure());
  }

  private interface Work {
    void on(Connection connection) throws SQLException, IOException, BackupFailed, SchemaUnreadable;
  }

  private Callable<Void> worker(Work work) {
    return () -> {
      try (Connection connection = connector.open()) {
        open.add(connection);
        snapshot.join(connection);
        work.on(connection);
        open.remove(connection);
      } catch (Exception e) {
        stop(e);
      }
      return null;
    };
  }

  /** Remembers the first failure and breaks off what the others are doing. */
  private void stop(Exception why) {
    if (failure.compareAndSet(null, why)) {
      for (Connection connection : open) {
        try {
          connection.abort(Runnable::run);
        } catch (SQLException e) {
          why.addSuppressed(e);
        }
      }
    }
  }

  private void throwFailure() throws SQLException, IOException, BackupFailed, SchemaUnreadable {
    Exception why = failure.get();
    if (why instanceof SQLException e) {
      throw e;
    } else if (why instanceof IOException e) {
      throw e;
    } else if (why instanceof BackupFailed e) {
      throw e;
    } else if (why instanceof SchemaUnreadable e) {
      throw e;
    } else if (why != null) {
      throw new BackupFailed(
          BackupFailed.Reason.CANCELLED, "the backup was broken off: " + why.getMessage(), why);
    }
  }

  private static Result structure(Connection connection) throws SQLException, SchemaUnreadable {
    Structure structure = Structure.read(connection);
    String script = SchemaSnapshot.load(connection, SchemaSnapshot.Rights.KEPT).creationScript();
    SchemaSnapshot.parse(script, SchemaSnapshot.Rights.KEPT);
    return new Result(List.of(), script, structure);
  }

  private void copies(Connection connection, AtomicReferenceArray<Table> tables)
      throws SQLException, IOException, BackupFailed {
    for (int i = next.getAndIncrement();
        i < tables.length() && failure.get() == null;
        i = next.getAndIncrement()) {
      TableShape shape = snapshot.shapes().get(i);
      tables.set(i, copy(connection, shape, (i + 1) + ".copy.zst"));
      progress.copied(shape);
    }
  }

  private Table copy(Connection connection, TableShape shape, String file)
      throws SQLException, IOException, BackupFailed {
    List<Column> columns =
        shape.columns().stream()
            .map(column -> new Column(column.name(), column.type(), column.generated()))
            .toList();
    if (!shape.hasRows()) {
      return new Table(shape.name(), shape.kind(), columns, null, null);
    }
    TableCopy.Copied copied =
        TableCopy.out(
            connection,
            shape,
            new StoredFileWriter(draft, file),
            encryption,
            (rows, bytes) -> progress.more(shape, rows, bytes));
    return new Table(shape.name(), shape.kind(), columns, copied.file(), copied.contents());
  }
}

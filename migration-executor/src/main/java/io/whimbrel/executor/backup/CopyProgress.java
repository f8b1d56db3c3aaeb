package io.whimbrel.executor.backup;

import io.whimbrel.event.TableName;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** How far a backup is, added up over the threads that write it. */
final class CopyProgress {
  private final SourceSnapshot snapshot;
  private final BackupListener listener;
  private final Map<TableName, Long> copied = new ConcurrentHashMap<>();
  private final AtomicInteger tables = new AtomicInteger();
  private final AtomicLong rows = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();

  CopyProgress(SourceSnapshot snapshot, BackupListener listener) {
    this.snapshot = snapshot;
    this.listener = listener;
  }

  void more(TableShape table, long moreRows, long moreBytes) {
    rows.addAndGet(moreRows);
    bytes.addAndGet(moreBytes);
    copied.merge(table.name(), moreBytes, Long::sum);
    report();
  }

  /** The table is done, whatever its rows took as text. */
  void copied(TableShape table) {
    copied.put(table.name(), size(table.name()));
    tables.incrementAndGet();
    report();
  }

  private void report() {
    listener.progress(
        new BackupListener.Progress(
            tables.get(), snapshot.shapes().size(), rows.get(), bytes.get(), share()));
  }

  private double share() {
    long whole = snapshot.bytes();
    long done = 0;
    for (Map.Entry<TableName, Long> table : copied.entrySet()) {
      done += Math.min(table.getValue(), size(table.getKey()));
    }
    return whole == 0 ? 1 : (double) done / whole;
  }

  private long size(TableName table) {
    return snapshot.sizes().getOrDefault(table, 0L);
  }
}

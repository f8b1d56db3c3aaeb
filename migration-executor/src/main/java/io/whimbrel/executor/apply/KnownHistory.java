package io.whimbrel.executor.apply;

import io.whimbrel.executor.catalog.Migration;
import io.whimbrel.executor.catalog.Script;
import io.whimbrel.executor.catalog.Version;
import io.whimbrel.target.Target;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The schema history as its one writer knows it: read once in a session, then kept up to date with
 * what the session itself commits. If Flyway adds a row meanwhile, the next row of ours meets its
 * rank, the primary key; that script is rolled back and tried again with what is read anew.
 */
final class KnownHistory {

  private final SchemaHistory table;
  private final Set<Version> versions = new HashSet<>();
  private final Set<Version> baselines = new HashSet<>();
  private final Map<String, Integer> repeatables = new HashMap<>();
  private int rank;
  private boolean read;

  KnownHistory(Target target) {
    this.table = new SchemaHistory(target);
  }

  SchemaHistory table() {
    return table;
  }

  /** What is known is not certain any more. */
  void forget() {
    read = false;
  }

  /** Whether the history says that this script, with this text, was the last to be applied. */
  boolean has(Connection connection, Script script) throws SQLException {
    read(connection);
    Migration migration = script.migration();
    return switch (migration.kind()) {
      case VERSIONED -> versions.contains(migration.requiredVersion());
      case BASELINE -> baselines.contains(migration.requiredVersion());
      case CALLBACK -> false;
      case UNDO -> !versions.contains(migration.requiredVersion());
      case REPEATABLE ->
          Integer.valueOf(script.checksum()).equals(repeatables.get(migration.description()));
    };
  }

  /** The statement that adds the row of a script, as {@link HistoryRows#insertion}. */
  String insertion(Connection connection, Script script, String executionMillis)
      throws SQLException {
    read(connection);
    return table.writing().insertion(rank + 1, script, executionMillis);
  }

  /**
   * As {@link #insertion}, for a script whose transaction holds others; its time is that since the
   * row before it.
   *
   * @param ahead how many rows the transaction has added before
   */
  String further(Connection connection, Script script, int ahead) throws SQLException {
    read(connection);
    int before = rank + ahead;
    return table.writing().insertion(before + 1, script, table.writing().millisSince(before));
  }

  /** The row of {@link #insertion} is committed. */
  void added(Script script) {
    rank++;
    Migration migration = script.migration();
    switch (migration.kind()) {
      case VERSIONED -> versions.add(migration.requiredVersion());
      case BASELINE -> baselines.add(migration.requiredVersion());
      case CALLBACK -> throw new IllegalArgumentException("a callback has no row");
      case UNDO -> versions.remove(migration.requiredVersion());
      case REPEATABLE -> repeatables.put(migration.description(), script.checksum());
    }
  }

  private void read(Connection connection) throws SQLException {
    if (read) {
      return;
    }
    History history = table.read(connection);
    rank = history.rows().stream().mapToInt(AppliedMigration::rank).max().orElse(0);
    versions.clear();
    versions.addAll(history.versions().keySet());
    baselines.clear();
    history.baselineScripts().stream()
        .flatMap(row -> Stream.ofNullable(row.version()))
        .forEach(baselines::add);
    repeatables.clear();
    history.repeatables().values().forEach(this::remember);
    read = true;
  }

  private void remember(AppliedMigration row) {
    @Nullable Integer checksum = row.checksum();
    if (checksum != null) {
      repeatables.put(row.description(), checksum);
    }
  }
}

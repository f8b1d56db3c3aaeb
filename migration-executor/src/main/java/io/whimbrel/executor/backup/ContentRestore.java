package io.whimbrel.executor.backup;

import io.whimbrel.event.TableName;
import io.whimbrel.executor.backup.BackupManifest.StoredFile;
import io.whimbrel.executor.backup.BackupManifest.Table;
import io.whimbrel.executor.schema.Quoted;
import java.io.IOException;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Puts the rows of the backup into tables that have its columns, and checks every table. */
final class ContentRestore {
  private final Connection connection;
  private final BackupManifest manifest;
  private final StoredFiles files;

  ContentRestore(Connection connection, BackupManifest manifest, StoredFiles files) {
    this.connection = connection;
    this.manifest = manifest;
    this.files = files;
  }

  /** The tables that do not hold what the backup holds. */
  List<Table> differing(ContentState now) {
    return manifest.tables().stream()
        .filter(table -> table.contents() != null)
        .filter(table -> !Objects.equals(now.of(table.name()).orElse(null), table.contents()))
        .toList();
  }

  /** Every table that has rows of its own. */
  List<Table> all() {
    return manifest.tables().stream().filter(table -> table.file() != null).toList();
  }

  /** Empties those of the tables that are there; no foreign key points to them. */
  static void empty(Connection connection, Collection<TableName> tables) throws SQLException {
    Map<TableName, TableShape> existing = TableCatalog.shapes(connection, tables);
    existing.values().removeIf(shape -> !shape.hasRows());
    if (!existing.isEmpty()) {
      QuietTriggers.<SQLException>during(
          connection,
          existing.keySet(),
          () -> execute(connection, "TRUNCATE ONLY " + Quoted.tables(existing.keySet())));
    }
  }

  /** Loads tables that are empty. */
  void load(List<Table> tables) throws SQLException, RestoreFailed {
    each(tables, this::load);
  }

  /**
   * Changes of each table what differs, or all of it where that is quicker or not enough.
   *
   * @param now what the tables hold, under a lock that keeps others away
   */
  void adjust(List<Table> tables, ContentState now) throws SQLException, RestoreFailed {
    each(
        tables,
        (shape, table) -> {
          Optional<Fingerprint> adjusted =
              TableDifference.restore(
                  connection,
                  shape,
                  now.of(table.name()).orElseThrow(),
                  Objects.requireNonNull(table.contents()),
                  manifest.horizon(),
                  () -> files.rows(file(table)));
          if (adjusted.isPresent()) {
            return adjusted.get();
          }
          execute(connection, "TRUNCATE ONLY " + Quoted.table(table.name()));
          return load(shape, table);
        });
  }

  private Fingerprint load(TableShape shape, Table table) throws SQLException, IOException {
    ParkedIndexes indexes = ParkedIndexes.of(connection, shape);
    indexes.drop(connection);
    try (InputStream rows = files.rows(file(table))) {
      TableCopy.in(connection, Quoted.table(table.name()), TableCopy.stored(table), rows);
    }
    indexes.build(connection);
    return ContentFingerprint.of(connection, shape);
  }

  private interface Work {
    /** Answers what the table holds then. */
    Fingerprint on(TableShape shape, Table table) throws SQLException, IOException;
  }

  private void each(List<Table> tables, Work work) throws SQLException, RestoreFailed {
    List<TableName> names = tables.stream().map(Table::name).toList();
    SortedMap<TableName, TableShape> shapes = TableCatalog.shapes(connection, names);
    allow(shapes);
    QuietTriggers.during(
        connection,
        names,
        () -> {
          for (Table table : tables) {
            one(shapes.get(table.name()), table, work);
          }
        });
  }

  private void one(@Nullable TableShape shape, Table table, Work work)
      throws SQLException, RestoreFailed {
    if (shape == null) {
      throw new RestoreFailed(table.name() + " was not brought back");
    }
    Fingerprint held;
    try {
      held = work.on(shape, table);
    } catch (IOException e) {
      throw new RestoreFailed(file(table).name() + " cannot be read: " + e.getMessage(), e);
    }
    if (!held.equals(table.contents())) {
      throw new RestoreFailed(
          "the contents of " + table.name() + " after loading are not those of the backup");
    }
  }

  /** An owner may have taken rights from himself; {@link StructureProof} takes them back again. */
  private void allow(SortedMap<TableName, TableShape> shapes) throws SQLException {
    String lacking =
        TableRights.lacking(connection, shapes.keySet(), "SELECT", "INSERT", "DELETE", "TRUNCATE")
            .stream()
            .map(Quoted::table)
            .collect(Collectors.joining(", "));
    if (!lacking.isEmpty()) {
      execute(
          connection, "GRANT SELECT, INSERT, DELETE, TRUNCATE ON " + lacking + " TO CURRENT_USER");
    }
  }

  private static StoredFile file(Table table) {
    return Objects.requireNonNull(table.file());
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}

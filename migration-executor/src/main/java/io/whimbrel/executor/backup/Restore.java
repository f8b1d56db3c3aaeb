package io.whimbrel.executor.backup;

import io.whimbrel.event.TableName;
import io.whimbrel.executor.backup.BackupManifest.Constraint;
import io.whimbrel.executor.backup.BackupManifest.Sequence;
import io.whimbrel.executor.backup.BackupManifest.Table;
import io.whimbrel.executor.schema.Quoted;
import io.whimbrel.executor.schema.SchemaUnreadable;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Brings the touched tables back to what they were: structure, contents, constraints, sequences.
 *
 * <p>It works in the caller's transaction and neither commits nor rolls back, so that the schema
 * history can change together with the tables. Whatever it throws, the caller rolls back, and the
 * target is as before. It leaves the settings of the transaction changed.
 */
public final class Restore {
  private final BackupVerifier verifier = new BackupVerifier();

  /**
   * Restores a backup, once it has been verified.
   *
   * @param connection in a transaction, as the role that owns the tables
   * @throws BackupInvalid before anything is locked or changed
   * @throws WrittenByOthers before anything is changed
   * @throws SQLException 55P03 if a lock is not to be had in time
   */
  public RestoreReport run(RestoreRequest request, Connection connection)
      throws BackupInvalid, WrittenByOthers, RestoreFailed, SQLException {
    BackupManifest manifest =
        verifier.verify(
            request.directory(), request.manifestSha256(), TargetIdentity.of(connection));
    TextSettings.set(connection);
    Set<TableName> created = created(request, connection, manifest);
    lock(connection, request, manifest, created);
    WriteEvidence evidence = evidence(request, connection, manifest);
    if (!(evidence instanceof WriteEvidence.OnlyTheRun) && !request.acceptDataLoss()) {
      throw new WrittenByOthers(evidence);
    }
    try {
      replace(request, connection, manifest, created);
    } catch (IOException | SchemaUnreadable e) {
      throw new RestoreFailed("the backup cannot be loaded: " + e.getMessage(), e);
    }
    return new RestoreReport(
        manifest.tableNames(), manifest.rows(), List.copyOf(created), evidence);
  }

  private static void replace(
      RestoreRequest request,
      Connection connection,
      BackupManifest manifest,
      Set<TableName> created)
      throws SQLException, RestoreFailed, SchemaUnreadable, IOException {
    var changing = new TreeSet<>(created);
    changing.addAll(manifest.tableNames());
    Bystanders bystanders = Bystanders.of(connection, changing);
    List<Sequence> positions = Sequences.read(connection, request.schemas());
    List<Constraint> parked = ParkedConstraints.find(connection, changing);
    ParkedConstraints.drop(connection, parked);
    empty(connection, manifest);
    String schema = Files.readString(request.directory().resolve(BackupFiles.SCHEMA));
    MaterializedViews views = MaterializedViews.of(connection);
    new StructureRestore(connection, manifest, schema, created).run();
    TextSettings.set(connection);
    load(request, connection, manifest);
    ParkedConstraints.add(connection, constraints(manifest, parked, changing));
    Sequences.advance(connection, request.schemas(), manifest.sequences(), positions);
    views.refreshNew(connection);
    List<TableName> disturbed = bystanders.disturbed(connection);
    if (!disturbed.isEmpty()) {
      throw new RestoreFailed(
          "the restore would change tables that the backup does not hold: " + disturbed);
    }
  }

  /** What the run made, less what the backup holds and what is gone already. */
  private static Set<TableName> created(
      RestoreRequest request, Connection connection, BackupManifest manifest) throws SQLException {
    var created = new TreeSet<>(request.created());
    for (Recorded transaction : request.recorded()) {
      var made = new TreeSet<>(transaction.after().tables());
      transaction.before().tables().forEach(made::remove);
      created.addAll(made);
    }
    manifest.tableNames().forEach(created::remove);
    created.retainAll(TableCatalog.shapes(connection, created).keySet());
    return created;
  }

  private static void lock(
      Connection connection,
      RestoreRequest request,
      BackupManifest manifest,
      Set<TableName> created)
      throws SQLException {
    var tables = new TreeSet<>(created);
    tables.addAll(manifest.tableNames());
    for (Constraint constraint : ParkedConstraints.find(connection, tables)) {
      tables.add(constraint.table());
      if (constraint.of() != null) {
        tables.add(constraint.of());
      }
    }
    Map<TableName, TableShape> existing = TableCatalog.shapes(connection, tables);
    existing.values().removeIf(shape -> shape.kind().equals("f"));
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET LOCAL lock_timeout = " + request.lockTimeout().toMillis());
      if (!existing.isEmpty()) {
        statement.execute(
            "LOCK TABLE " + Quoted.tables(existing.keySet()) + " IN ACCESS EXCLUSIVE MODE");
      }
    }
  }

  private static WriteEvidence evidence(
      RestoreRequest request, Connection connection, BackupManifest manifest) throws SQLException {
    Collection<TableName> tables = new TreeSet<>(manifest.tableNames());
    for (Recorded transaction : request.recorded()) {
      transaction.after().contents().forEach(content -> tables.add(content.table()));
    }
    ContentState now = ContentFingerprint.take(connection, request.schemas(), tables, null);
    return WriteEvidence.compare(manifest, request.recorded(), now);
  }

  private static void empty(Connection connection, BackupManifest manifest) throws SQLException {
    Map<TableName, TableShape> existing = TableCatalog.shapes(connection, manifest.tableNames());
    existing.values().removeIf(shape -> !shape.hasRows());
    if (existing.isEmpty()) {
      return;
    }
    QuietTriggers.<SQLException>during(
        connection,
        existing.keySet(),
        () -> {
          try (Statement statement = connection.createStatement()) {
            statement.execute("TRUNCATE ONLY " + Quoted.tables(existing.keySet()));
          }
        });
  }

  private static void load(RestoreRequest request, Connection connection, BackupManifest manifest)
      throws SQLException, RestoreFailed {
    var tables = manifest.tables().stream().filter(table -> table.file() != null).toList();
    QuietTriggers.during(
        connection,
        manifest.tableNames(),
        () -> {
          Map<TableName, TableShape> shapes =
              TableCatalog.shapes(connection, manifest.tableNames());
          for (Table table : tables) {
            load(request, connection, table, shapes);
          }
        });
  }

  private static void load(
      RestoreRequest request, Connection connection, Table table, Map<TableName, TableShape> shapes)
      throws SQLException, RestoreFailed {
    TableShape shape = shapes.get(table.name());
    if (shape == null || table.file() == null) {
      throw new RestoreFailed(table.name() + " was not brought back");
    }
    try {
      TableCopy.in(connection, table, request.directory().resolve(table.file().name()));
    } catch (IOException e) {
      throw new RestoreFailed(table.file().name() + " cannot be read: " + e.getMessage(), e);
    }
    if (!ContentFingerprint.of(connection, shape).equals(table.contents())) {
      throw new RestoreFailed(
          "the contents of " + table.name() + " after loading are not those of the backup");
    }
  }

  /**
   * Those of the backup, and those that others have put on since, unless the run made their table.
   */
  private static List<Constraint> constraints(
      BackupManifest manifest, List<Constraint> parked, Set<TableName> changing) {
    Map<String, Constraint> wanted = new TreeMap<>();
    for (Constraint constraint : parked) {
      if (!changing.contains(constraint.table())) {
        wanted.put(constraint.table() + "/" + constraint.name(), constraint);
      }
    }
    for (Constraint constraint : manifest.constraints()) {
      wanted.put(constraint.table() + "/" + constraint.name(), constraint);
    }
    return List.copyOf(wanted.values());
  }
}

package io.whimbrel.executor.backup;

import io.whimbrel.event.TableName;
import io.whimbrel.executor.backup.BackupManifest.Constraint;
import io.whimbrel.executor.backup.BackupManifest.Sequence;
import io.whimbrel.executor.backup.BackupManifest.Table;
import io.whimbrel.executor.schema.Quoted;
import io.whimbrel.executor.schema.SchemaUnreadable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
 * What else the backup of a whole database holds is left alone.
 *
 * <p>It works in the caller's transaction and neither commits nor rolls back, so that the schema
 * history can change together with the tables. Whatever it throws, the caller rolls back, and the
 * target is as before. It leaves the settings of the transaction changed.
 */
public final class Restore {
  private final BackupKeys keys;

  public Restore() {
    this(BackupKeys.NONE);
  }

  /**
   * @param keys that the backup may be encrypted with
   */
  public Restore(BackupKeys keys) {
    this.keys = keys;
  }

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
        new BackupVerifier(keys)
            .verify(request.place(), request.manifestSha256(), TargetIdentity.of(connection))
            .ofTheRun();
    var files = new StoredFiles(request.place(), keys.of(manifest));
    TextSettings.set(connection);
    Set<TableName> created = created(request, connection, manifest);
    lock(connection, request, manifest, created);
    ContentState now = contents(request, connection, manifest);
    WriteEvidence evidence = WriteEvidence.compare(manifest, request.recorded(), now);
    if (!(evidence instanceof WriteEvidence.OnlyTheRun) && !request.acceptDataLoss()) {
      throw new WrittenByOthers(evidence);
    }
    try {
      giveBack(new Work(request, connection, manifest, files, created, now));
    } catch (IOException | SchemaUnreadable e) {
      throw new RestoreFailed("the backup cannot be loaded: " + e.getMessage(), e);
    }
    return new RestoreReport(
        manifest.tableNames(), manifest.rows(), List.copyOf(created), evidence);
  }

  /** What one restore works with. */
  private record Work(
      RestoreRequest request,
      Connection connection,
      BackupManifest manifest,
      StoredFiles files,
      Set<TableName> created,
      ContentState now) {

    ContentRestore contents() {
      return new ContentRestore(connection, manifest, files);
    }
  }

  private static void giveBack(Work work)
      throws SQLException, RestoreFailed, SchemaUnreadable, IOException {
    Connection connection = work.connection;
    var changing = new TreeSet<>(work.created);
    changing.addAll(work.manifest.tableNames());
    Bystanders bystanders = Bystanders.of(connection, changing);
    List<Sequence> positions = Sequences.read(connection, work.request.schemas());
    Structure wanted = Structure.of(work.files.read(BackupFiles.STRUCTURE));
    var proof = new StructureProof(wanted, Structure.read(connection), changing);
    if (proof.alreadyGiven()) {
      adjust(work);
    } else {
      replace(work, changing, wanted);
    }
    proof.give(connection);
    Sequences.advance(connection, work.request.schemas(), work.manifest.sequences(), positions);
    List<TableName> disturbed = bystanders.disturbed(connection);
    if (!disturbed.isEmpty()) {
      throw new RestoreFailed(
          "the restore would change tables that the backup does not hold: " + disturbed);
    }
  }

  /** The structure is as it was, so only rows that differ are touched. */
  private static void adjust(Work work) throws SQLException, RestoreFailed {
    ContentRestore contents = work.contents();
    List<Table> differing = contents.differing(work.now);
    List<Constraint> parked =
        ParkedConstraints.find(work.connection, differing.stream().map(Table::name).toList());
    ParkedConstraints.drop(work.connection, parked);
    contents.adjust(differing, work.now);
    ParkedConstraints.add(work.connection, parked);
  }

  /** Structure and contents are made anew. */
  private static void replace(Work work, Set<TableName> changing, Structure wanted)
      throws SQLException, RestoreFailed, SchemaUnreadable, IOException {
    Connection connection = work.connection;
    List<Constraint> parked = ParkedConstraints.find(connection, changing);
    ParkedConstraints.drop(connection, parked);
    ContentRestore.empty(connection, work.manifest.tableNames());
    String schema = new String(work.files.read(BackupFiles.SCHEMA), StandardCharsets.UTF_8);
    MaterializedViews views = MaterializedViews.of(connection);
    new StructureRestore(connection, work.manifest, schema, wanted, work.created).run();
    TextSettings.set(connection);
    ContentRestore contents = work.contents();
    contents.load(contents.all());
    ParkedConstraints.add(connection, constraints(work.manifest, parked, changing));
    views.refreshNew(connection);
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

  private static ContentState contents(
      RestoreRequest request, Connection connection, BackupManifest manifest) throws SQLException {
    Collection<TableName> tables = new TreeSet<>(manifest.tableNames());
    for (Recorded transaction : request.recorded()) {
      transaction.after().contents().forEach(content -> tables.add(content.table()));
    }
    return ContentFingerprint.take(connection, request.schemas(), tables, null);
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

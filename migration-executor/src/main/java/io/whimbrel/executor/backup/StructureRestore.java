package io.whimbrel.executor.backup;

import io.whimbrel.event.TableName;
import io.whimbrel.executor.catalog.Statements;
import io.whimbrel.executor.schema.Quoted;
import io.whimbrel.executor.schema.SchemaDiff;
import io.whimbrel.executor.schema.SchemaSnapshot;
import io.whimbrel.executor.schema.SchemaUnreadable;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jboss.logging.Logger;

/**
 * Brings empty tables, and what is not a table, back to the structure of the backup. Tables of
 * others are left alone; so are foreign keys, which come back after the contents.
 */
final class StructureRestore {
  private static final Logger LOG = Logger.getLogger(StructureRestore.class);

  /** The class of an error that also says: this column is a generated one. */
  private static final String GENERATED = "42601";

  private final Connection connection;
  private final BackupManifest manifest;
  private final Structure facts;
  private final Set<TableName> created;
  private final SchemaSnapshot wanted;
  private final SchemaDiff.Selection selection;

  /**
   * @param schema the script of the backup's structure
   * @param facts the same structure as facts
   * @param created tables that the run made; they are dropped
   */
  StructureRestore(
      Connection connection,
      BackupManifest manifest,
      String schema,
      Structure facts,
      Set<TableName> created)
      throws SchemaUnreadable {
    this.connection = connection;
    this.manifest = manifest;
    this.facts = facts;
    this.created = created;
    this.wanted = SchemaSnapshot.parse(schema, SchemaSnapshot.Rights.KEPT);
    var tables = new TreeSet<>(created);
    tables.addAll(manifest.tableNames());
    this.selection = new Changing(tables, manifest);
  }

  /**
   * First by altering what differs. Where that fails, or does not give back the very columns in
   * their very order, the tables that differ are dropped, with what depends on them, and made anew.
   */
  void run() throws SQLException, SchemaUnreadable, RestoreFailed {
    var anew = new TreeSet<TableName>(created);
    Savepoint savepoint = connection.setSavepoint();
    try {
      alter();
      anew.addAll(differing(StructureRestore::ofShape));
      if (anew.equals(created)) {
        connection.releaseSavepoint(savepoint);
        return;
      }
    } catch (SQLException e) {
      LOG.debugf("Altering is not enough, SQLSTATE %s", e.getSQLState());
    }
    connection.rollback(savepoint);
    anew.addAll(differing(fact -> true));
    makeAnew(anew);
    Set<TableName> differing = differing(StructureRestore::ofShape);
    while (!differing.isEmpty()) {
      // A type that had to be made anew has taken columns of further tables with it.
      if (!anew.addAll(differing)) {
        throw new RestoreFailed(
            "the structure of these tables cannot be brought back: " + differing);
      }
      connection.rollback(savepoint);
      makeAnew(anew);
      differing = differing(StructureRestore::ofShape);
    }
  }

  /**
   * The script sets defaults for the columns of a partition that its table computes, which
   * PostgreSQL refuses as they are there already; then it runs without them. Whether they are there
   * is proven in the end.
   */
  private void makeAnew(Set<TableName> tables) throws SQLException, SchemaUnreadable {
    Savepoint savepoint = connection.setSavepoint();
    try {
      drop(tables);
      alter();
    } catch (SQLException e) {
      if (!GENERATED.equals(e.getSQLState())) {
        throw e;
      }
      connection.rollback(savepoint);
      drop(tables);
      alter(this::unlessGenerated);
    }
  }

  private void unlessGenerated(String sql) throws SQLException {
    Savepoint savepoint = connection.setSavepoint();
    try {
      execute(sql);
      connection.releaseSavepoint(savepoint);
    } catch (SQLException e) {
      if (!GENERATED.equals(e.getSQLState())) {
        throw e;
      }
      connection.rollback(savepoint);
    }
  }

  private interface Execution {
    void of(String sql) throws SQLException;
  }

  private void alter() throws SQLException, SchemaUnreadable {
    alter(this::execute);
  }

  private void alter(Execution execution) throws SQLException, SchemaUnreadable {
    SchemaSnapshot current = SchemaSnapshot.load(connection, SchemaSnapshot.Rights.KEPT);
    String script = SchemaDiff.scriptWithoutForeignKeys(current, wanted, selection);
    // Its settings are for psql; ours end with the transaction.
    for (io.whimbrel.executor.catalog.Statement part : Statements.of("schema.sql", script)) {
      if (!part.begins("SET")) {
        execution.of(part.sql());
      }
    }
  }

  /** What contents can be loaded into, and what cannot be put right afterwards. */
  private static boolean ofShape(StructureFact fact) {
    return Set.of("relation", "column", "inheritance").contains(fact.kind());
  }

  /** The backup's tables of which any of these facts is not as it was. */
  private Set<TableName> differing(Predicate<StructureFact> of) throws SQLException {
    TextSettings.set(connection);
    Structure now = Structure.read(connection);
    var differing = new TreeSet<TableName>();
    for (String subject : facts.differences(now)) {
      StructureFact shall = facts.fact(subject);
      StructureFact fact = shall == null ? Objects.requireNonNull(now.fact(subject)) : shall;
      TableName table = fact.table();
      if (table != null && of.test(fact)) {
        differing.add(table);
      }
    }
    differing.retainAll(manifest.tableNames());
    return differing;
  }

  private void drop(Set<TableName> tables) throws SQLException {
    for (TableName table : tables) {
      execute("DROP TABLE IF EXISTS " + Quoted.table(table) + " CASCADE");
    }
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      statement.execute(sql);
    }
  }

  /** The tables of the run; constraints that are put on after loading stay out. */
  private record Changing(Set<TableName> tables, BackupManifest manifest)
      implements SchemaDiff.Selection {
    @Override
    public boolean table(TableName table) {
      return tables.contains(table);
    }

    @Override
    public boolean constraint(TableName table, String constraint) {
      return manifest.constraints().stream()
          .noneMatch(later -> later.table().equals(table) && later.name().equals(constraint));
    }
  }
}

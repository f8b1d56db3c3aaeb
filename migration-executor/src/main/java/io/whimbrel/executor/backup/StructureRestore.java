package io.whimbrel.executor.backup;

import io.whimbrel.event.TableName;
import io.whimbrel.executor.backup.BackupManifest.Column;
import io.whimbrel.executor.backup.BackupManifest.Table;
import io.whimbrel.executor.catalog.Statements;
import io.whimbrel.executor.schema.Quoted;
import io.whimbrel.executor.schema.SchemaDiff;
import io.whimbrel.executor.schema.SchemaSnapshot;
import io.whimbrel.executor.schema.SchemaUnreadable;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Brings empty tables, and what is not a table, back to the structure of the backup. Tables of
 * others are left alone; so are foreign keys, which come back after the contents.
 */
final class StructureRestore {
  private final Connection connection;
  private final BackupManifest manifest;
  private final SchemaSnapshot wanted;
  private final SchemaDiff.Selection selection;

  StructureRestore(
      Connection connection, BackupManifest manifest, String schema, Set<TableName> created)
      throws SchemaUnreadable {
    this.connection = connection;
    this.manifest = manifest;
    this.wanted = SchemaSnapshot.parse(schema, SchemaSnapshot.Rights.KEPT);
    var tables = new TreeSet<>(created);
    tables.addAll(manifest.tableNames());
    this.selection = new Changing(tables, manifest);
  }

  /**
   * First by altering what differs. Where that does not give back the very columns in their very
   * order, the tables are dropped, with what depends on them, and made anew.
   */
  void run() throws SQLException, SchemaUnreadable, RestoreFailed {
    List<TableName> differing;
    Savepoint savepoint = connection.setSavepoint();
    try {
      alter();
      differing = differing();
    } catch (SQLException e) {
      connection.rollback(savepoint);
      differing = differing();
      if (differing.isEmpty()) {
        throw e;
      }
    }
    if (differing.isEmpty()) {
      connection.releaseSavepoint(savepoint);
      return;
    }
    connection.rollback(savepoint);
    drop(differing);
    alter();
    differing = differing();
    if (!differing.isEmpty()) {
      throw new RestoreFailed("the structure of these tables cannot be brought back: " + differing);
    }
  }

  private void alter() throws SQLException, SchemaUnreadable {
    SchemaSnapshot current = SchemaSnapshot.load(connection, SchemaSnapshot.Rights.KEPT);
    String script = SchemaDiff.scriptWithoutForeignKeys(current, wanted, selection);
    // Its settings are for psql; ours end with the transaction.
    for (io.whimbrel.executor.catalog.Statement part : Statements.of("schema.sql", script)) {
      if (!part.begins("SET")) {
        execute(part.sql());
      }
    }
  }

  private List<TableName> differing() throws SQLException {
    Map<TableName, TableShape> shapes = TableCatalog.shapes(connection, manifest.tableNames());
    var differing = new ArrayList<TableName>();
    for (Table table : manifest.tables()) {
      TableShape shape = shapes.get(table.name());
      if (shape == null
          || !shape.kind().equals(table.kind())
          || !columns(shape).equals(table.columns())) {
        differing.add(table.name());
      }
    }
    return differing;
  }

  private static List<Column> columns(TableShape shape) {
    return shape.columns().stream()
        .map(column -> new Column(column.name(), column.type(), column.generated()))
        .toList();
  }

  private void drop(List<TableName> tables) throws SQLException {
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

package io.whimbrel.executor.backup;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.whimbrel.event.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a backup holds. Written after everything it names.
 *
 * @param format the version of this layout
 * @param keyId which key the files are encrypted with, this one and restore.sql excepted; null if
 *     they are not
 * @param takenAt when, in ISO 8601
 * @param snapshot the exported snapshot that everything was read from
 * @param lsn where the write-ahead log was then
 * @param horizon every transaction before this one, a 64-bit id, had ended then
 * @param schemas the target's schemas
 * @param tables by name, with their partitions and children
 * @param constraints of the tables, and foreign keys to them, that are put on after loading
 * @param files the files that are not a table's
 * @param whole what a backup of a whole database says besides; null if it is of what the run
 *     touches
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record BackupManifest(
    int format,
    UUID runId,
    @Nullable String keyId,
    String target,
    TargetIdentity identity,
    String takenAt,
    String snapshot,
    String lsn,
    long horizon,
    List<String> schemas,
    List<Table> tables,
    List<Sequence> sequences,
    List<Constraint> constraints,
    List<StoredFile> files,
    @Nullable Whole whole) {

  static final int FORMAT = 3;

  public BackupManifest {
    schemas = List.copyOf(schemas);
    tables = List.copyOf(tables);
    sequences = List.copyOf(sequences);
    constraints = List.copyOf(constraints);
    files = List.copyOf(files);
  }

  /**
   * A table.
   *
   * @param columns all its columns in their order
   * @param file where its rows are; null for a partitioned table, whose rows are its partitions'
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Table(
      TableName name,
      String kind,
      List<Column> columns,
      @Nullable StoredFile file,
      @Nullable Fingerprint contents) {
    public Table {
      columns = List.copyOf(columns);
    }

    long rows() {
      return contents == null ? 0 : contents.rows();
    }
  }

  /** A column; generated ones are not in the file. */
  public record Column(String name, String type, boolean generated) {}

  /** A sequence's position. */
  public record Sequence(TableName name, long lastValue, boolean called, long increment) {}

  /**
   * A constraint that is put on after the contents are loaded.
   *
   * @param of the other table of a foreign key
   * @param definition as {@code pg_get_constraintdef} spells it
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Constraint(
      TableName table,
      String name,
      @Nullable TableName of,
      String definition,
      @Nullable String comment) {}

  /**
   * What only the backup of a whole database says.
   *
   * @param touched the tables that the run touches, which are what a rollback restores
   * @param constraints of these, and foreign keys to them
   * @param bookkeeping statements that make the schema history and its like, where they are missing
   * @param views materialized ones that are filled anew after loading
   */
  public record Whole(
      List<TableName> touched,
      List<Constraint> constraints,
      List<String> bookkeeping,
      List<TableName> views) {
    public Whole {
      touched = List.copyOf(touched);
      constraints = List.copyOf(constraints);
      bookkeeping = List.copyOf(bookkeeping);
      views = List.copyOf(views);
    }
  }

  /** A file of the backup. */
  public record StoredFile(String name, long bytes, String sha256) {}

  BackupManifest with(List<StoredFile> otherFiles) {
    return with(keyId, tables, constraints, otherFiles, whole);
  }

  /** The same, without encryption. */
  BackupManifest opened() {
    return with(null, tables, constraints, files, whole);
  }

  /** The part of it that the run touches. */
  BackupManifest ofTheRun() {
    if (whole == null) {
      return this;
    }
    List<Table> part =
        tables.stream().filter(table -> whole.touched().contains(table.name())).toList();
    return with(keyId, part, whole.constraints(), files, null);
  }

  private BackupManifest with(
      @Nullable String otherKey,
      List<Table> otherTables,
      List<Constraint> otherConstraints,
      List<StoredFile> otherFiles,
      @Nullable Whole otherWhole) {
    return new BackupManifest(
        format,
        runId,
        otherKey,
        target,
        identity,
        takenAt,
        snapshot,
        lsn,
        horizon,
        schemas,
        otherTables,
        sequences,
        otherConstraints,
        otherFiles,
        otherWhole);
  }

  /** Every file that the manifest names. */
  List<StoredFile> storedFiles() {
    var all = new ArrayList<>(files);
    for (Table table : tables) {
      if (table.file() != null) {
        all.add(table.file());
      }
    }
    return all;
  }

  List<TableName> tableNames() {
    return tables.stream().map(Table::name).toList();
  }

  @JsonIgnore
  public long rows() {
    return tables.stream().mapToLong(Table::rows).sum();
  }
}

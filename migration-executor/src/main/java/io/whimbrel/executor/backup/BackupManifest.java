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
 * @param schemas the target's schemas
 * @param tables by name, with their partitions and children
 * @param constraints of the tables, and foreign keys to them, that are put on after loading
 * @param files the files that are not a table's
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
    List<String> schemas,
    List<Table> tables,
    List<Sequence> sequences,
    List<Constraint> constraints,
    List<StoredFile> files) {

  static final int FORMAT = 2;

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

  /** A file of the backup. */
  public record StoredFile(String name, long bytes, String sha256) {}

  BackupManifest with(List<StoredFile> otherFiles) {
    return with(keyId, otherFiles);
  }

  /** The same, without encryption. */
  BackupManifest opened() {
    return with(null, files);
  }

  private BackupManifest with(@Nullable String otherKey, List<StoredFile> otherFiles) {
    return new BackupManifest(
        format,
        runId,
        otherKey,
        target,
        identity,
        takenAt,
        snapshot,
        lsn,
        schemas,
        tables,
        sequences,
        constraints,
        otherFiles);
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

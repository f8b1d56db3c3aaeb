package io.whimbrel.executor.apply;

import io.whimbrel.executor.catalog.Version;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A row of the schema history.
 *
 * @param rank the order of application, from 1; 0 for the row about created schemas
 * @param version null for a repeatable migration and for the row about created schemas
 * @param type {@code SQL}, {@code BASELINE}, {@code DELETE} (undone) and others of Flyway's
 * @param checksum null where Flyway records none
 */
public record AppliedMigration(
    int rank,
    @Nullable Version version,
    String description,
    String type,
    String script,
    @Nullable Integer checksum,
    String installedBy,
    Instant installedOn,
    boolean success) {

  /**
   * What Flyway's repair writes for a version that no longer counts. Flyway's own UNDO_SQL would be
   * the better word for what was undone, but its open edition stops at a history that holds one.
   */
  static final String DELETED = "DELETE";

  /** What Flyway writes for a baseline that is a script. */
  static final String BASELINE_SCRIPT = "SQL_BASELINE";

  public boolean isUndo() {
    return type.startsWith("UNDO");
  }

  public boolean isBaseline() {
    return type.equals("BASELINE") || type.endsWith("_BASELINE");
  }

  /** Whether it is a baseline that was made by a script. */
  public boolean isBaselineScript() {
    return type.equals(BASELINE_SCRIPT);
  }

  /** Whether the row says that a version no longer counts as applied. */
  public boolean revokes() {
    return isUndo() || type.equals(DELETED);
  }

  /** Whether it stands for a file of SQL, as other kinds have none in the catalogue. */
  public boolean isSql() {
    return type.equals("SQL");
  }

  public boolean isSchemaCreation() {
    return type.equals("SCHEMA");
  }

  AppliedMigration repaired(HistoryRepair repair) {
    return repair.action() == HistoryRepair.Action.ALIGN
        ? with("SQL", repair.description(), repair.checksumAfter())
        : this;
  }

  AppliedMigration deleted() {
    return with(DELETED, description, checksum);
  }

  private AppliedMigration with(String as, String described, @Nullable Integer sum) {
    return new AppliedMigration(
        rank, version, described, as, script, sum, installedBy, installedOn, success);
  }

  /** How people and messages name it. */
  public String label() {
    return version == null ? description : (version + " " + description).strip();
  }
}

package io.whimbrel.executor.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.whimbrel.event.MigrationProgress.Drift;
import io.whimbrel.event.PlannedChange;
import io.whimbrel.event.TableName;
import io.whimbrel.executor.apply.HistoryRepair;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a run is going to do.
 *
 * @param migrations in the order in which they are applied, or taken back
 * @param touched the tables that exist and that the run changes
 * @param created the tables that the run makes
 * @param plannedChanges the rules that the run is about to give rows which are there already
 * @param measured whether a rehearsal found out what is touched and created; otherwise any table
 *     may be
 * @param rehearsal how the touched tables were found; why by assumption, if so
 * @param notes what a person should know about the plan
 * @param repairs of the schema history, made before the first migration
 * @param acceptedRisks what the policy of the target refuses and the request takes upon itself
 * @param drift how the target compared with what its history implies; null if it was not compared
 * @param backupOf for a rollback: the run whose backup a restore would use
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RunPlan(
    List<PlannedMigration> migrations,
    List<TableName> touched,
    List<TableName> created,
    List<PlannedChange> plannedChanges,
    boolean measured,
    String rehearsal,
    List<String> notes,
    List<HistoryRepair> repairs,
    List<String> acceptedRisks,
    @Nullable Drift drift,
    @Nullable UUID backupOf) {

  public RunPlan {
    migrations = List.copyOf(migrations);
    touched = List.copyOf(touched);
    created = List.copyOf(created);
    notes = List.copyOf(notes);
    // Plans that were stored before there were these have none.
    plannedChanges = plannedChanges == null ? List.of() : List.copyOf(plannedChanges);
    repairs = repairs == null ? List.of() : List.copyOf(repairs);
    acceptedRisks = acceptedRisks == null ? List.of() : List.copyOf(acceptedRisks);
  }

  /** Those of the tables that are there which the run may have touched or made. */
  public List<TableName> mayHaveTouched(List<TableName> existing) {
    return existing.stream()
        .filter(table -> !measured || touched.contains(table) || created.contains(table))
        .toList();
  }

  /** What has been done when all of it is, in words. */
  public String done(boolean atomic) {
    String repaired =
        repairs.isEmpty() ? "" : "Repaired " + counted(repairs.size(), "history row") + "; ";
    if (migrations.isEmpty()) {
      return repaired.isEmpty() ? "Nothing was pending" : repaired + "nothing was pending";
    }
    return (repaired.isEmpty() ? "Applied " : repaired + "applied ")
        + counted(migrations.size(), "migration")
        + (atomic ? " in one transaction" : "");
  }

  /** What was planned, in words. */
  public String planned(boolean atomic) {
    return "Planned "
        + size()
        + (atomic ? " in one transaction" : "")
        + (acceptedRisks.isEmpty() ? "" : "; taken as a risk: " + String.join("; ", acceptedRisks));
  }

  /** How many migrations it has, in words. */
  public String size() {
    return counted(migrations.size(), "migration");
  }

  private static String counted(int number, String what) {
    return number + " " + what + (number == 1 ? "" : "s");
  }

  /**
   * A migration of the plan.
   *
   * @param undoScript the catalogue's own, if it has one
   * @param derivedUndo SQL that was derived and proven to take it back, if the target allows it
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record PlannedMigration(
      String script,
      String kind,
      @Nullable String version,
      String description,
      @Nullable Integer checksum,
      boolean batched,
      @Nullable String undoScript,
      @Nullable String derivedUndo) {}
}

package io.whimbrel.event;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a run goes about its work. What a request leaves out takes its default: everything careful is
 * on, everything that loses something is off.
 *
 * @param validateBefore look at the data before anything changes
 * @param validateAfter look at the data after the change, and decide by it
 * @param createBackup back up what the run touches before it changes
 * @param monitorProgress publish progress within states, not only the states
 * @param rollbackOnFailure take the run's changes back when its validation afterwards fails
 * @param atomic one transaction for all migrations of the run
 * @param acceptDataLoss go on although a restore overwrites what others wrote; counts only when the
 *     request carries the right to it
 * @param repair migrations whose rows of the schema history are brought in line with their files,
 *     by version, description or file name
 * @param ignore migrations that contradict the schema history, or are out of order, and do not hold
 *     up this run
 * @param acceptRisks risks that the policy of the target refuses and this run takes, by the ids of
 *     their rules
 * @param backupScope how much is backed up
 * @param backupCheck what the backup is put through before it counts; the target may ask for more
 */
public record RunOptions(
    boolean validateBefore,
    boolean validateAfter,
    boolean createBackup,
    boolean monitorProgress,
    boolean rollbackOnFailure,
    boolean atomic,
    boolean acceptDataLoss,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> repair,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> ignore,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> acceptRisks,
    BackupScope backupScope,
    BackupCheck backupCheck) {

  public static final RunOptions DEFAULTS =
      new RunOptions(true, true, true, true, true, false, false);

  public RunOptions {
    repair = List.copyOf(repair);
    ignore = List.copyOf(ignore);
    acceptRisks = List.copyOf(acceptRisks);
  }

  /** Options that name no migrations and no risks, and leave the backup as it is by default. */
  public RunOptions(
      boolean validateBefore,
      boolean validateAfter,
      boolean createBackup,
      boolean monitorProgress,
      boolean rollbackOnFailure,
      boolean atomic,
      boolean acceptDataLoss) {
    this(
        validateBefore,
        validateAfter,
        createBackup,
        monitorProgress,
        rollbackOnFailure,
        atomic,
        acceptDataLoss,
        List.of(),
        List.of(),
        List.of(),
        BackupScope.TOUCHED,
        BackupCheck.READ);
  }

  @JsonCreator
  static RunOptions of(
      @JsonProperty("validateBefore") @Nullable Boolean validateBefore,
      @JsonProperty("validateAfter") @Nullable Boolean validateAfter,
      @JsonProperty("createBackup") @Nullable Boolean createBackup,
      @JsonProperty("monitorProgress") @Nullable Boolean monitorProgress,
      @JsonProperty("rollbackOnFailure") @Nullable Boolean rollbackOnFailure,
      @JsonProperty("atomic") @Nullable Boolean atomic,
      @JsonProperty("acceptDataLoss") @Nullable Boolean acceptDataLoss,
      @JsonProperty("repair") @Nullable List<String> repair,
      @JsonProperty("ignore") @Nullable List<String> ignore,
      @JsonProperty("acceptRisks") @Nullable List<String> acceptRisks,
      @JsonProperty("backupScope") @Nullable BackupScope backupScope,
      @JsonProperty("backupCheck") @Nullable BackupCheck backupCheck) {
    return new RunOptions(
        orElse(validateBefore, DEFAULTS.validateBefore),
        orElse(validateAfter, DEFAULTS.validateAfter),
        orElse(createBackup, DEFAULTS.createBackup),
        orElse(monitorProgress, DEFAULTS.monitorProgress),
        orElse(rollbackOnFailure, DEFAULTS.rollbackOnFailure),
        orElse(atomic, DEFAULTS.atomic),
        orElse(acceptDataLoss, DEFAULTS.acceptDataLoss),
        repair == null ? List.of() : repair,
        ignore == null ? List.of() : ignore,
        acceptRisks == null ? List.of() : acceptRisks,
        backupScope == null ? DEFAULTS.backupScope : backupScope,
        backupCheck == null ? DEFAULTS.backupCheck : backupCheck);
  }

  private static boolean orElse(@Nullable Boolean value, boolean otherwise) {
    return value == null ? otherwise : value;
  }
}

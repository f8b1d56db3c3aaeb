package io.whimbrel.event;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
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
 */
public record RunOptions(
    boolean validateBefore,
    boolean validateAfter,
    boolean createBackup,
    boolean monitorProgress,
    boolean rollbackOnFailure,
    boolean atomic,
    boolean acceptDataLoss) {

  public static final RunOptions DEFAULTS =
      new RunOptions(true, true, true, true, true, false, false);

  @JsonCreator
  static RunOptions of(
      @JsonProperty("validateBefore") @Nullable Boolean validateBefore,
      @JsonProperty("validateAfter") @Nullable Boolean validateAfter,
      @JsonProperty("createBackup") @Nullable Boolean createBackup,
      @JsonProperty("monitorProgress") @Nullable Boolean monitorProgress,
      @JsonProperty("rollbackOnFailure") @Nullable Boolean rollbackOnFailure,
      @JsonProperty("atomic") @Nullable Boolean atomic,
      @JsonProperty("acceptDataLoss") @Nullable Boolean acceptDataLoss) {
    return new RunOptions(
        orElse(validateBefore, DEFAULTS.validateBefore),
        orElse(validateAfter, DEFAULTS.validateAfter),
        orElse(createBackup, DEFAULTS.createBackup),
        orElse(monitorProgress, DEFAULTS.monitorProgress),
        orElse(rollbackOnFailure, DEFAULTS.rollbackOnFailure),
        orElse(atomic, DEFAULTS.atomic),
        orElse(acceptDataLoss, DEFAULTS.acceptDataLoss));
  }

  private static boolean orElse(@Nullable Boolean value, boolean otherwise) {
    return value == null ? otherwise : value;
  }
}

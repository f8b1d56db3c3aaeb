package io.whimbrel.monitoring.alert;

/** What an alert is about. */
public enum AlertKind {
  RUN_FAILED,
  RUN_REJECTED,
  RUN_ROLLED_BACK,
  ROLLBACK_FAILED,
  VALIDATION_FAILED,
  DEAD_LETTER
}

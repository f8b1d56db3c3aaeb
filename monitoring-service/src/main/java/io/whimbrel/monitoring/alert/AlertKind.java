package io.whimbrel.monitoring.alert;

/** What an alert is about, and how it is resolved. */
public enum AlertKind {
  RUN_FAILED(Ends.BY_EVENTS),
  RUN_REJECTED(Ends.BY_EVENTS),
  RUN_ROLLED_BACK(Ends.BY_EVENTS),
  ROLLBACK_FAILED(Ends.BY_EVENTS),
  DECISION_NEEDED(Ends.BY_EVENTS),
  VALIDATION_FAILED(Ends.BY_EVENTS),
  PREDICTION_OFF(Ends.BY_ITS_LIKE),
  DRIFT(Ends.BY_ITS_LIKE),
  DEAD_LETTER(Ends.BY_ACKNOWLEDGING),
  RUN_STUCK(Ends.WITH_ITS_CONDITION),
  RUN_TOO_LONG(Ends.WITH_ITS_CONDITION),
  LOCK_WAIT(Ends.WITH_ITS_CONDITION),
  TARGET_UNREACHABLE(Ends.WITH_ITS_CONDITION),
  CONSUMER_LAG(Ends.WITH_ITS_CONDITION),
  DISK_LOW(Ends.WITH_ITS_CONDITION),
  HEALTH_CHANGED(Ends.WITH_ITS_CONDITION);

  /** When an alert is resolved. */
  enum Ends {
    /** A later event shows that the target is well again. */
    BY_EVENTS,
    /** A later run on the target tells of the same, and that it is well. */
    BY_ITS_LIKE,
    /** Its cause cannot go; whoever acknowledges it has dealt with it. */
    BY_ACKNOWLEDGING,
    /** The condition it tells of is gone. */
    WITH_ITS_CONDITION
  }

  private final Ends ends;

  AlertKind(Ends ends) {
    this.ends = ends;
  }

  Ends ends() {
    return ends;
  }
}

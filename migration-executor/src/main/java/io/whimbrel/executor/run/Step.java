package io.whimbrel.executor.run;

/** The steps of a run; the name of a step is the name of its durable task. */
public enum Step {
  PLAN,
  BACK_UP,
  APPLY,
  ROLL_BACK,
  /** The validation that was asked for has not come in time. */
  VALIDATION_OVERDUE;

  public String taskName() {
    return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
  }
}

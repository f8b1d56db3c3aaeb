package io.whimbrel.validation.report;

/** What came of a rule. */
public enum Status {
  /** It looked at everything it applies to and found nothing. */
  PASSED,
  /** It looked at a sample of the rows and found nothing there, which is less than passed. */
  SAMPLED,
  /** It found what a person should see, nothing worse. */
  WARNING,
  /** It found what should not be. */
  FAILED,
  /**
   * Nothing concerns it, or it could not look at everything for a reason that lies with the target.
   */
  SKIPPED,
  /** Its look failed. */
  ERROR
}
